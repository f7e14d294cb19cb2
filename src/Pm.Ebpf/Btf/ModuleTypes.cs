namespace Pm.Ebpf.Btf;

/// <summary>
/// The types of a kernel's modules that are loaded. They are asked for what the kernel's own types do not have, which is seldom: one after the other is
/// read until one has it. Source: find_kernel_btf_id and bpf_core_find_cands of libbpf, which go the same way.
/// </summary>
public sealed class ModuleTypes
{
    readonly BtfFile _kernel;
    readonly Lazy<IEnumerator<ModuleBytes>> _unread;
    readonly List<(string Name, BtfFile Types)> _read = [];

    /// <param name="kernel">The kernel's own types, which those of the modules go on behind.</param>
    /// <param name="modules">The modules; what they have is taken one by one, and not before it is asked for.</param>
    public ModuleTypes(BtfFile kernel, IEnumerable<ModuleBytes> modules) => (_kernel, _unread) = (kernel, new Lazy<IEnumerator<ModuleBytes>>(modules.GetEnumerator));

    /// <summary>All of them, read as far as they are looked at.</summary>
    /// <exception cref="EbpfFormatException">PM8021: the types of one break a rule of the format, or there are too many.</exception>
    public IEnumerable<(string Name, BtfFile Types)> All
    {
        get
        {
            for (var i = 0; i < _read.Count || TryRead(); i++)
            {
                yield return _read[i];
            }
        }
    }

    /// <summary>The first module with a type of that kind and name of its own, and that; null: none has it.</summary>
    /// <exception cref="EbpfFormatException">PM8021: as <see cref="All"/>.</exception>
    public (string Module, BtfType Type)? Find(BtfKind kind, string name)
    {
        foreach (var (module, types) in All)
        {
            if (types.Find(kind, name) is { } type)
            {
                return (module, type);
            }
        }

        return null;
    }

    /// <summary>The types of one of them; null: it is not loaded.</summary>
    /// <exception cref="EbpfFormatException">PM8021: as <see cref="All"/>.</exception>
    public BtfFile? Of(string module) => All.FirstOrDefault(m => m.Name == module).Types;

    bool TryRead()
    {
        if (!_unread.Value.MoveNext())
        {
            return false;
        }

        var next = _unread.Value.Current;
        _read.Add(_read.Count < BtfLimits.Modules
            ? (next.Name, BtfFile.Parse(next.Types, next.Name, _kernel))
            : throw new EbpfFormatException("PM8021", $"the types of modules: at most {BtfLimits.Modules} modules, got more", next.Name));
        return true;
    }
}
