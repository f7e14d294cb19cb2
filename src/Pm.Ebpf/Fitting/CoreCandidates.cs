using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>Finds the types of a kernel that a type of an object can mean: those of its kind and name, whatever their flavours.</summary>
sealed class CoreCandidates(BtfFile kernel)
{
    List<BtfType>? _flavoured;

    public IEnumerable<BtfType> Of(BtfType own)
    {
        var name = CoreNames.Essential(own.NameBytes()).ToArray();
        return kernel.Named(Encoding.UTF8.GetString(name))
            .Concat(Flavoured.Where(t => CoreNames.Essential(t.NameBytes()).SequenceEqual(name)))
            .Where(t => IsAlike(own, t));
    }

    public static bool IsAlike(BtfType one, BtfType other) => one.Kind == other.Kind || (one.IsEnum && other.IsEnum);

    /// <summary>The few types of the kernel that have a flavour themselves.</summary>
    List<BtfType> Flavoured => _flavoured ??= [.. kernel.Types.Where(t => t.NameBytes() is { Length: > 0 } name && CoreNames.Essential(name).Length < name.Length)];
}
