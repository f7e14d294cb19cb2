using System.Buffers.Binary;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>The code of an object, with what loading it on a kernel would put into its instructions.</summary>
sealed class ObjectCode
{
    /// <summary>R_BPF_64_64 and R_BPF_64_32.</summary>
    const uint Address = 1;
    const uint CallTarget = 10;

    readonly ElfObject _elf;
    readonly IReadOnlyList<KernelSetting> _settings;
    readonly Dictionary<(int Section, int Offset), CodePlace> _places = [];
    readonly HashSet<(int Section, int Offset)> _targets = [];
    int _left = FitLimits.Followed;
    int _leftStates = FitLimits.States;

    /// <param name="elf">The object.</param>
    /// <param name="relocations">What of it depends on the kernel's types, with what these say.</param>
    /// <param name="external">What an address of something that is expected of the kernel is; null: nothing is known of it.</param>
    /// <param name="settings">What the places of <see cref="SettingPlace"/> are.</param>
    public ObjectCode(ElfObject elf, IEnumerable<(CoreRelocation Relocation, CoreAnswer Answer)> relocations, Func<string, ReachValue?> external, IReadOnlyList<KernelSetting> settings)
    {
        (_elf, _settings) = (elf, settings);
        foreach (var section in elf.Sections.Where(s => s.IsCode))
        {
            FindTargets(section);
            foreach (var relocation in elf.RelocationsOf(section).Where(r => r.Offset <= int.MaxValue && (long)r.Offset + Instruction.Size <= section.Content.Length))
            {
                _places[(section.Index, (int)relocation.Offset)] = PlaceOf(section, relocation, external);
            }
        }

        foreach (var (relocation, answer) in relocations)
        {
            if (elf.Find(relocation.Section) is { } section && relocation.Offset <= int.MaxValue)
            {
                var key = (section.Index, (int)relocation.Offset);
                _places[key] = (_places.GetValueOrDefault(key) ?? new CodePlace()) with { Core = answer, Value = answer.Value is not { } value ? null : relocation.Kind is CoreRelocationKind.FieldOffset ? ReachValue.Of(value) : ReachValue.Answer(value) };
            }
        }
    }

    /// <summary>Where a setting of the kernel lies: in no section of the object.</summary>
    public static ReachValue SettingPlace(int index) => ReachValue.Place(-1 - index, 0);

    public ReadOnlyMemory<byte> BytesOf(int section) => (uint)section < (uint)_elf.Sections.Length && _elf.Sections[section].IsCode ? _elf.Sections[section].Content : default;

    public CodePlace? PlaceAt(int section, int at) => _places.GetValueOrDefault((section, at));

    /// <summary>How many bytes an instruction reads or writes.</summary>
    public int AccessSizeAt(int section, int at) => new Instruction(BytesOf(section).Span.Slice(at, Instruction.Size)).AccessSize;

    /// <summary>Something jumps there.</summary>
    public bool IsTarget(int section, int at) => _targets.Contains((section, at));

    /// <summary>Counts an instruction that is followed.</summary>
    /// <exception cref="EbpfFormatException">PM8022: there are too many.</exception>
    public void Count()
    {
        if (--_left < 0)
        {
            throw new EbpfFormatException("PM8022", $"its programs have more ways than can be followed: at most {FitLimits.Followed} instructions", _elf.Where);
        }
    }

    /// <summary>Counts a place of which is remembered what is known there.</summary>
    /// <exception cref="EbpfFormatException">PM8022: there are too many.</exception>
    public void CountState()
    {
        if (--_leftStates < 0)
        {
            throw new EbpfFormatException("PM8022", $"its programs have more ways than can be followed: at most {FitLimits.States} forks", _elf.Where);
        }
    }

    /// <summary>A constant of the object as it is when no flag changes it.</summary>
    public ReachValue Constant(int section, long offset, int size)
    {
        if (section < 0)
        {
            return Setting(_settings[-1 - section], offset, size);
        }

        if ((uint)section >= (uint)_elf.Sections.Length || _elf.Sections[section] is not { IsWritable: false } constants || offset < 0 || offset + size > constants.Content.Length)
        {
            return ReachValue.Hidden;
        }

        return Number(constants.Content.Span[(int)offset..], size) is { } number ? ReachValue.Answer(number) : ReachValue.Hidden;
    }

    /// <summary>The map of settings is frozen, so the verifier knows them. Source: bpf_map_is_rdonly of Linux, LIBBPF_MAP_KCONFIG of libbpf.</summary>
    static ReachValue Setting(KernelSetting setting, long offset, int size) =>
        setting.Value is not { } bytes || offset < 0 || offset + size > bytes.Length || Number(bytes.AsSpan((int)offset), size) is not { } number ? ReachValue.Hidden
        : !setting.IsPatchOpen || offset > 0 ? ReachValue.Answer(number)
        : size >= sizeof(int) ? ReachValue.Spread(number) : ReachValue.Hidden;

    static long? Number(ReadOnlySpan<byte> bytes, int size) => size switch
    {
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        8 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => null,
    };

    void FindTargets(ElfSection section)
    {
        var bytes = section.Content.Span;
        for (var at = 0; at + Instruction.Size <= bytes.Length; at += Instruction.Size)
        {
            var instruction = new Instruction(bytes.Slice(at, Instruction.Size));
            if (instruction.IsJump)
            {
                _targets.Add((section.Index, (int)Math.Clamp(at + Instruction.Size * (1L + instruction.Distance), -1, bytes.Length)));
            }
            else if (instruction.IsWide)
            {
                at += Instruction.Size;
            }
        }
    }

    CodePlace PlaceOf(ElfSection section, ElfRelocation relocation, Func<string, ReachValue?> external)
    {
        var symbol = _elf.Symbols[relocation.Symbol];
        var number = BinaryPrimitives.ReadInt32LittleEndian(section.Content.Span[((int)relocation.Offset + 4)..]);
        if (symbol.IsExternal)
        {
            return relocation.Type == CallTarget ? new CodePlace { External = symbol.Name } : new CodePlace { Value = external(symbol.Name) ?? ReachValue.Unknown };
        }

        if (symbol.Section >= _elf.Sections.Length || symbol.Value > int.MaxValue)
        {
            return new CodePlace { Value = ReachValue.Unknown };
        }

        var target = _elf.Sections[symbol.Section];
        if (target.IsCode)
        {
            // A call counts in instructions from the one behind it on, an address in bytes from the symbol on.
            var offset = (long)symbol.Value + (relocation.Type == CallTarget ? Instruction.Size * (1L + number) : symbol.Kind is ElfSymbolKind.Section ? number : 0);
            return new CodePlace { Function = (target.Index, (int)Math.Clamp(offset, -1, int.MaxValue)), Value = ReachValue.Unknown };
        }

        var place = (long)symbol.Value + (symbol.Kind is ElfSymbolKind.Section ? number : 0);
        return new CodePlace
        {
            Value = relocation.Type == Address && !target.IsWritable && target.Name.StartsWith(".rodata", StringComparison.Ordinal) && place is >= 0 and <= int.MaxValue
                ? ReachValue.Place(target.Index, place)
                : ReachValue.Unknown,
        };
    }
}
