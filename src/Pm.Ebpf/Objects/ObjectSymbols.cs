using System.Buffers.Binary;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Finds where names lie, and what the code refers to.</summary>
sealed class ObjectSymbols
{
    readonly Dictionary<(int Section, string Name), ElfSymbol> _byName = [];
    readonly Dictionary<string, ElfSymbol> _external = [];
    readonly Dictionary<int, List<ulong>> _referred = [];

    public ObjectSymbols(ElfObject elf)
    {
        foreach (var symbol in elf.Symbols.Where(s => s.Name.Length > 0))
        {
            _byName.TryAdd((symbol.Section, symbol.Name), symbol);
            if (symbol.IsExternal)
            {
                _external.TryAdd(symbol.Name, symbol);
            }
        }

        foreach (var section in elf.Sections.Where(s => s.IsCode))
        {
            foreach (var relocation in elf.RelocationsOf(section))
            {
                var (target, place) = Target(elf, section, relocation);
                if (!_referred.TryGetValue(target, out var places))
                {
                    _referred[target] = places = [];
                }

                places.Add(place);
            }
        }

        foreach (var places in _referred.Values)
        {
            places.Sort();
        }
    }

    /// <summary>Which section a relocation refers to, and where in it.</summary>
    public static (int Section, ulong Place) Target(ElfObject elf, ElfSection section, ElfRelocation relocation)
    {
        var symbol = elf.Symbols[relocation.Symbol];
        // What has no symbol of its own is meant by the section's and a number, which stands in the instruction.
        var number = symbol.Kind is ElfSymbolKind.Section && section.Content.Length >= Instruction.Size && relocation.Offset <= (ulong)(section.Content.Length - Instruction.Size)
            ? BinaryPrimitives.ReadUInt32LittleEndian(section.Content.Span[((int)relocation.Offset + 4)..])
            : 0;
        return (symbol.Section, symbol.Value + number);
    }

    public ElfSymbol? Find(int section, string name) => _byName.GetValueOrDefault((section, name));

    public ElfSymbol? FindExternal(string name) => _external.GetValueOrDefault(name);

    /// <summary>The code refers to something in these bytes.</summary>
    public bool IsReferred(int section, int offset, int size)
    {
        if (!_referred.TryGetValue(section, out var places))
        {
            return false;
        }

        var first = places.BinarySearch((ulong)offset);
        first = first < 0 ? ~first : first;
        return first < places.Count && places[first] < (ulong)offset + (ulong)Math.Max(size, 1);
    }
}
