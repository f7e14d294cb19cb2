using System.Collections.Immutable;

namespace Pm.Ebpf.Eunomia;

/// <summary>What a package says of a map's events.</summary>
public abstract record EunomiaExport
{
    private protected EunomiaExport()
    {
    }

    /// <summary>The map has none.</summary>
    public sealed record None : EunomiaExport;

    /// <summary>Their type is what the map's own types say.</summary>
    public sealed record OfMap : EunomiaExport;

    /// <param name="Id">The number of their type in the object's type information.</param>
    public sealed record OfType(int Id) : EunomiaExport;

    /// <param name="Members">What of them is shown, in this order.</param>
    public sealed record OfMembers(ImmutableArray<EunomiaMember> Members) : EunomiaExport;
}
