using System.Buffers.Binary;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Objects;

/// <summary>Finds where names lie, and what the code refers to.</summary>
sealed class ObjectSymbols
{
    readonly Dictionary<string, ElfSymbol> _external = [];
    readonly Dictionary<string, ElfSymbol> _variables = [];
    readonly string _where;
    readonly Dictionary<int, List<ulong>> _referred = [];

    public ObjectSymbols(ElfObject elf)
    {
        _where = elf.Where;
        foreach (var symbol in elf.Symbols.Where(s => s.Name.Length > 0))
        {
            if (symbol.IsExternal)
            {
                _external.TryAdd(symbol.Name, symbol);
            }

            if (symbol is { Kind: ElfSymbolKind.Variable, Binding: ElfBinding.Global or ElfBinding.Weak })
            {
                _variables.TryAdd(symbol.Name, symbol);
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

    /// <summary>What else than static keeps a variable to its object. Source: btf_fixup_datasec of libbpf, which takes it for static.</summary>
    public bool IsHidden(BtfVariable variable) => variable.Declaration.Linkage is BtfLinkage.Global && _variables.GetValueOrDefault(variable.Declaration.Name)?.IsHidden is true;

    /// <summary>
    /// Where in its section a variable lies. Compilers leave it to the symbols; static ones, of which several may have one name, and those of linked objects have it in the types. Source: btf_fixup_datasec of libbpf.
    /// </summary>
    /// <exception cref="EbpfFormatException">PM8022: no symbol says it.</exception>
    public ulong PlaceOf(BtfType described, BtfVariable variable)
    {
        var declaration = variable.Declaration;
        if (declaration.Linkage is not BtfLinkage.Global)
        {
            return variable.Offset;
        }

        return !_variables.TryGetValue(declaration.Name, out var symbol) ? throw new EbpfFormatException("PM8022", $"no symbol says where in section `{described.Name}` variable `{declaration.Name}` lies", _where)
            : described.Size == 0 ? symbol.Value : variable.Offset;
    }

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
