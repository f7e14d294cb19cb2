using System.Collections.Immutable;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Sampling;

namespace Pm.Cli.Ebpf;

/// <summary>What a package of eunomia's shows of its object.</summary>
/// <param name="Spec">The object, with what the package says of its maps.</param>
/// <param name="Exports">The maps whose events are shown.</param>
/// <param name="Samples">The maps that are shown themselves.</param>
/// <param name="HasHeader">Names stand above the columns.</param>
sealed record EunomiaShown(BpfSpec Spec, ImmutableArray<EunomiaExportedMap> Exports, ImmutableArray<(MapSpec Map, SampleNote Note)> Samples, bool HasHeader)
{
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8020 to PM8023, PM8064, PM8069: the object is broken, or the package does not fit it.</exception>
    public static EunomiaShown Of(BpfSpec spec, EunomiaMeta meta)
    {
        ImmutableArray<(MapSpec Map, SampleNote Note)> samples = [.. meta.Maps.Where(m => m.Sample is not null).Select(m => (EunomiaExports.MapOf(m, spec), m.Sample!))];
        foreach (var (map, note) in samples)
        {
            MapSampler.Check(map, note);
        }

        var notes = spec.Notes with { Samples = spec.Notes.Samples.SetItems(samples.Select(s => KeyValuePair.Create(s.Map.Name, s.Note))) };
        return new EunomiaShown(spec with { Notes = notes }, EunomiaExports.Of(meta, spec), samples, meta.HasHeader);
    }
}
