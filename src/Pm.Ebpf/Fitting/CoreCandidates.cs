using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>
/// Finds the types of a kernel that a type of an object can mean: those of its kind and name, whatever their flavours. Modules are looked at where the kernel itself has none, and
/// then all of them. Source: bpf_core_find_cands of libbpf.
/// </summary>
sealed class CoreCandidates(BtfFile kernel, ModuleTypes? modules)
{
    readonly Dictionary<BtfFile, List<BtfType>> _flavoured = [];

    public IEnumerable<(BtfType Type, string? Module)> Of(BtfType own)
    {
        var name = CoreNames.Essential(own.NameBytes()).ToArray();
        var found = In(kernel, own, name).Select(t => (t, (string?)null)).ToList();
        return found.Count > 0 || modules is null ? found : modules.All.SelectMany(m => In(m.Types, own, name).Select(t => (t, (string?)m.Name)));
    }

    public static bool IsAlike(BtfType one, BtfType other) => one.Kind == other.Kind || (one.IsEnum && other.IsEnum);

    IEnumerable<BtfType> In(BtfFile types, BtfType own, byte[] name)
    {
        var text = Encoding.UTF8.GetString(name);
        var alike = types.ExpectedAlike(text) ?? types.Named(text).Concat(Flavoured(types).Where(t => CoreNames.Essential(t.NameBytes()).SequenceEqual(name)));
        return alike.Where(t => IsAlike(own, t));
    }

    /// <summary>The few types that have a flavour themselves.</summary>
    List<BtfType> Flavoured(BtfFile types) => _flavoured.TryGetValue(types, out var known)
        ? known
        : _flavoured[types] = [.. types.Types.Where(t => t.NameBytes() is { Length: > 0 } name && CoreNames.Essential(name).Length < name.Length)];
}
