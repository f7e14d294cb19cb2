using System.Buffers.Binary;

namespace Pm.Ebpf.Objects;

/// <summary>
/// Finds the calls of helpers in a section of code, and for those that write events to which map and how many bytes. It goes through
/// the instructions once: what several ways to one place disagree on, and what a loop may have changed, is unknown.
/// </summary>
/// <param name="code">The section, whole instructions.</param>
/// <param name="begins">Where functions begin, in bytes.</param>
/// <param name="mapAt">The map whose address the instruction at an offset loads; null for none.</param>
sealed class CodeScan(ReadOnlyMemory<byte> code, IReadOnlySet<int> begins, Func<int, int?> mapAt)
{
    readonly Dictionary<int, RegisterState> _awaited = [];
    readonly HashSet<int> _loops = [];
    readonly List<HelperCall> _calls = [];
    RegisterState _state;
    bool _isReached;

    public IReadOnlyList<HelperCall> Run()
    {
        for (var at = 0; at < code.Length; at += LengthAt(at))
        {
            var instruction = At(at);
            if (instruction.IsJump && TargetOf(at, instruction) is var target && target <= at)
            {
                _loops.Add((int)Math.Max(target, 0));
            }
        }

        for (var at = 0; at < code.Length; at += LengthAt(at))
        {
            Arrive(at);
            Step(at, At(at));
        }

        return _calls;
    }

    Instruction At(int at) => new(code.Span.Slice(at, Instruction.Size));

    int LengthAt(int at) => At(at).IsWide ? 2 * Instruction.Size : Instruction.Size;

    static long TargetOf(int at, Instruction jump) => at + Instruction.Size * (1L + jump.Distance);

    void Arrive(int at)
    {
        if (_awaited.Remove(at, out var other))
        {
            if (_isReached)
            {
                _state.Join(other);
            }
            else
            {
                _state = other;
            }
        }
        else if (!_isReached)
        {
            _state = default;
        }

        if (begins.Contains(at) || _loops.Contains(at))
        {
            _state = default;
        }

        _isReached = true;
    }

    void Step(int at, Instruction instruction)
    {
        if (instruction.IsCall)
        {
            Call(at, instruction);
        }
        else if (instruction.IsExit)
        {
            _isReached = false;
        }
        else if (instruction.IsJump)
        {
            Jump(TargetOf(at, instruction));
            _isReached = !instruction.IsAlways;
        }
        else if (instruction.IsPacketRead)
        {
            _state.ForgetAfterCall();
        }
        else if (instruction.IsAtomic)
        {
            _state[instruction.Source] = RegisterValue.Unknown;
            _state[0] = RegisterValue.Unknown;
        }
        else if (instruction.Writes)
        {
            _state[instruction.Destination] = Written(at, instruction);
        }
    }

    RegisterValue Written(int at, Instruction instruction)
    {
        if (instruction.IsWide)
        {
            return mapAt(at) is { } map ? RegisterValue.OfMap(map)
                : instruction.Source == 0 && at + 16 <= code.Length ? RegisterValue.Constant(Wide(at)) : RegisterValue.Unknown;
        }

        if (!instruction.IsMove)
        {
            return RegisterValue.Unknown;
        }

        var value = instruction.IsMoveOfRegister ? _state[instruction.Source] : RegisterValue.Constant(instruction.Immediate);
        return !instruction.Is32Bits ? value
            : value.Kind is RegisterValueKind.Constant ? RegisterValue.Constant((uint)value.Number) : RegisterValue.Unknown;
    }

    long Wide(int at) => (long)BinaryPrimitives.ReadInt32LittleEndian(code.Span[(at + 12)..]) << 32 | BinaryPrimitives.ReadUInt32LittleEndian(code.Span[(at + 4)..]);

    void Jump(long target)
    {
        if (target < 0 || target >= code.Length)
        {
            return;
        }

        var state = _state;
        if (_awaited.TryGetValue((int)target, out var other))
        {
            state.Join(other);
        }

        _awaited[(int)target] = state;
    }

    void Call(int at, Instruction instruction)
    {
        if (instruction.IsHelperCall)
        {
            var (map, size) = instruction.Immediate switch
            {
                HelperCall.RingBufferReserve => (_state[1].Map, _state[2].Size),
                HelperCall.WriteRecord => (null, _state[3].Size),
                HelperCall.RingBufferOutput => (_state[1].Map, _state[3].Size),
                HelperCall.PerfEventOutput => (_state[2].Map, _state[5].Size),
                _ => ((int?)null, (int?)null),
            };
            _calls.Add(new HelperCall(at, instruction.Immediate, map, size));
        }

        _state.ForgetAfterCall();
    }
}
