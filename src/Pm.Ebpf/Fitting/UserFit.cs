using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>What an object cannot be run without that no kernel says, but its user.</summary>
public static class UserFit
{
    /// <summary>Of all of its programs.</summary>
    public static IEnumerable<FitFinding> Of(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Maps.Where(m => m.NeedsSize).Select(m => FitFinding.Open("PM8038", $"map `{m.Name}` has no size: `pm run --map-size {m.Name}=N` says it"))
            .Concat(spec.Events.Where(e => e.Type is null).Select(e => FitFinding.Open("PM8042", $"which type the events of map `{e.Map.Name}` have is not known: `pm run --event {e.Map.Name}=TYPE` says it")));
    }
}
