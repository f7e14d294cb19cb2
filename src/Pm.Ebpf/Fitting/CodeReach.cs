using System.Buffers.Binary;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>
/// Follows a function as the verifier does, which leaves out what a known value excludes: so what <c>bpf_core_field_exists</c> guards is not reached where the field is missing.
/// Registers are followed, memory is not: a branch on what the verifier may know from memory makes all behind it uncertain.
/// </summary>
/// <param name="code">The code, and what its instructions get of the kernel.</param>
/// <param name="section">The section that the function lies in.</param>
/// <param name="start">Where it begins.</param>
/// <param name="isProgram">The kernel calls it, with what its hook gives.</param>
sealed class CodeReach(ObjectCode code, int section, int start, bool isProgram)
{
    const int StackRegister = 10;

    readonly ReadOnlyMemory<byte> _bytes = code.BytesOf(section);
    readonly Dictionary<int, ReachState> _states = [];
    readonly Queue<int> _waiting = [];
    readonly Dictionary<Reached, bool> _reached = [];
    bool _keepsGuards;

    /// <summary>What is reached, and whether it is certain.</summary>
    public IReadOnlyDictionary<Reached, bool> Run()
    {
        var first = new ReachState { IsCertain = true };
        first[1] = isProgram ? ReachValue.Context(0) : ReachValue.Unknown;
        Arrive(start, first);
        while (_waiting.TryDequeue(out var at))
        {
            var state = _states[at];
            Follow(at, ref state);
        }

        return _reached;
    }

    /// <summary>From a place on to the next end or fork.</summary>
    void Follow(int at, ref ReachState state)
    {
        while (at >= 0 && at <= _bytes.Length - Instruction.Size)
        {
            code.Count();
            var instruction = At(at);
            var next = at + (instruction.IsWide ? 2 : 1) * Instruction.Size;
            var place = code.PlaceAt(section, at);
            if (place?.LackingFor(instruction) is { } lacking)
            {
                // The verifier ends here.
                Note(new Reached(ReachedKind.Lacking, section, at, Name: lacking), state);
                return;
            }

            if (instruction.IsExit)
            {
                return;
            }

            if (instruction.IsCall)
            {
                Call(at, instruction, place, ref state);
            }
            else if (instruction.IsJump)
            {
                Jump(at, instruction, next, ref state);
                return;
            }
            else
            {
                Step(at, instruction, place, ref state);
            }

            if (code.IsTarget(section, next))
            {
                Arrive(next, state);
                return;
            }

            at = next;
        }
    }

    Instruction At(int at) => new(_bytes.Span.Slice(at, Instruction.Size));

    void Arrive(int at, in ReachState state)
    {
        if (at < 0 || at > _bytes.Length - Instruction.Size)
        {
            return;
        }

        if (!_states.TryGetValue(at, out var known))
        {
            code.CountState();
            _states[at] = state;
            _waiting.Enqueue(at);
        }
        else if (known.Join(state))
        {
            _states[at] = known;
            _waiting.Enqueue(at);
        }
    }

    void Note(Reached reached, in ReachState state) => _reached[reached] = state.IsCertain || _reached.GetValueOrDefault(reached);

    void Call(int at, Instruction instruction, CodePlace? place, ref ReachState state)
    {
        if (place?.Function is { } function)
        {
            Note(new Reached(ReachedKind.Function, function.Section, function.Offset), state);
        }
        else if (place?.External is { } external)
        {
            Note(new Reached(ReachedKind.KernelFunction, section, at, Name: external), state);
        }
        else if (instruction.IsHelperCall)
        {
            Note(new Reached(ReachedKind.Helper, section, 0, instruction.Immediate), state);
        }
        else if (instruction.Source == 1)
        {
            Note(new Reached(ReachedKind.Function, section, (int)Math.Clamp(at + Instruction.Size * (1L + instruction.Immediate), -1, _bytes.Length)), state);
        }

        state.ForgetAfterCall();
    }

    void Jump(int at, Instruction instruction, int next, ref ReachState state)
    {
        var target = (int)Math.Clamp(at + Instruction.Size * (1L + instruction.Distance), -1, _bytes.Length);
        if (instruction.IsAlways)
        {
            Arrive(target, state);
            return;
        }

        var left = state[instruction.Destination];
        var right = instruction.IsOfRegister ? state[instruction.Source] : ReachValue.Of(instruction.Immediate);
        var isTaken = left.Range is { } one && right.Range is { } other ? Arithmetic.Jumps(instruction.Operation, one, other, instruction.Is32BitJump) : null;
        if (isTaken is null && (left.IsHidden || right.IsHidden))
        {
            state.IsCertain = false;
        }

        if (isTaken is not false)
        {
            Arrive(target, state);
        }

        if (isTaken is not true)
        {
            Arrive(next, state);
        }
    }

    void Step(int at, Instruction instruction, CodePlace? place, ref ReachState state)
    {
        if (instruction.IsAtomic)
        {
            state[instruction.Source] = ReachValue.Unknown;
            state[0] = ReachValue.Unknown;
        }
        else if (instruction.IsPacketRead)
        {
            state.ForgetAfterCall();
        }
        else if (instruction.Writes)
        {
            if (instruction.IsLoad && !instruction.IsWide && state[instruction.Source] is { Kind: ReachKind.Context } context)
            {
                Note(new Reached(ReachedKind.Context, section, at, (int)Math.Clamp(context.Number + instruction.Offset, int.MinValue, int.MaxValue)), state);
            }

            state[instruction.Destination] = instruction.IsWide ? Wide(at, place) : instruction.IsLoad ? Loaded(instruction, state) : Calculated(instruction, place, state);
        }
        else if (instruction.IsStoreOfRegister && instruction.Destination == StackRegister && state[instruction.Source].IsAnswer)
        {
            _keepsGuards = true;
        }
    }

    ReachValue Wide(int at, CodePlace? place) => place?.Value
        ?? (at <= _bytes.Length - 2 * Instruction.Size && At(at).Source == 0
            ? ReachValue.Of((long)BinaryPrimitives.ReadInt32LittleEndian(_bytes.Span[(at + 12)..]) << 32 | BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[(at + 4)..]))
            : ReachValue.Unknown);

    ReachValue Loaded(Instruction instruction, in ReachState state) => state[instruction.Source] switch
    {
        { Kind: ReachKind.Place } place => code.Constant(place.Section, place.Offset + instruction.Offset, instruction.AccessSize),
        { Kind: ReachKind.Hidden } => ReachValue.Hidden,
        _ when instruction.Source == StackRegister && _keepsGuards => ReachValue.Hidden,
        _ => ReachValue.Unknown,
    };

    static ReachValue Calculated(Instruction instruction, CodePlace? place, in ReachState state)
    {
        var left = state[instruction.Destination];
        var right = instruction.IsOfRegister ? state[instruction.Source] : place?.Value ?? ReachValue.Of(instruction.Immediate);
        if (instruction is { IsMove: true, Is32Bits: false, Offset: 0 })
        {
            return right;
        }

        if (left.Kind is ReachKind.Spread && !instruction.IsMove && right.Constant is { } by && Arithmetic.Shifted(instruction.Operation, left, by, instruction.Is32Bits) is { } shifted)
        {
            return shifted;
        }

        if (left.Kind is ReachKind.Place && instruction.Operation == 0 && !instruction.Is32Bits && right.Constant is { } distance)
        {
            return ReachValue.Place(left.Section, left.Offset + distance);
        }

        if (left.Kind is ReachKind.Context && instruction.Operation == 0 && !instruction.Is32Bits && right.Constant is { } on)
        {
            return ReachValue.Context(left.Number + on);
        }

        var one = instruction.IsMove ? 0 : left.Constant;
        return one is { } number && right.Constant is { } other && instruction.Offset == 0 && Arithmetic.Apply(instruction.Operation, number, other, instruction.Is32Bits) is { } result
            ? new ReachValue(ReachKind.Constant, result, (left.IsAnswer && !instruction.IsMove) || right.IsAnswer)
            : (left.IsHidden && !instruction.IsMove) || right.IsHidden ? ReachValue.Hidden : ReachValue.Unknown;
    }
}
