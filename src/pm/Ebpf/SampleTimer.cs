using System.Text;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Sampling;
using Pm.Ebpf.Symbols;

namespace Pm.Cli.Ebpf;

/// <summary>Shows what is in maps, each at its interval and once more at the end.</summary>
sealed class SampleTimer
{
    readonly PmContext _context;
    readonly EventStyle _style;
    readonly EventDialect _dialect;
    readonly List<MapSampler> _samplers;
    readonly long[] _shown;

    SampleTimer(PmContext context, EventStyle style, EventDialect dialect, List<MapSampler> samplers)
    {
        (_context, _style, _dialect, _samplers) = (context, style, dialect, samplers);
        _shown = [.. samplers.Select(_ => context.Time.GetTimestamp())];
    }

    /// <summary>Maps are shown at all.</summary>
    public bool HasMaps => _samplers.Count > 0;

    /// <summary>How long until the next is due; longer than anything where there is none.</summary>
    public TimeSpan Left
    {
        get
        {
            // Asked for again and again while events come: nothing is allocated for it.
            var least = TimeSpan.MaxValue;
            for (var i = 0; i < _samplers.Count; i++)
            {
                var left = Max(_samplers[i].Interval - _context.Time.GetElapsedTime(_shown[i]));
                least = left < least ? left : least;
            }

            return least;
        }
    }

    /// <param name="context">The world.</param>
    /// <param name="from">What has the maps.</param>
    /// <param name="maps">Which, and how.</param>
    /// <param name="style">How they look.</param>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8069: one cannot be shown like that.</exception>
    public static SampleTimer OfEunomia(PmContext context, IObjectMaps from, IEnumerable<(MapSpec Map, SampleNote Note)> maps, EventStyle style) =>
        new(context, style, EventDialect.Eunomia, [.. maps.Select(m => from.Sample(m.Map, m.Note, EventDialect.Eunomia))]);

    /// <summary>Those of <see cref="MapsOf"/>; keys that name stacks have them below.</summary>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8069: one cannot be shown like that.</exception>
    public static SampleTimer Of(PmContext context, IObjectMaps from, BpfSpec spec, EventStyle style) => new(context, style, EventDialect.Own, [.. MapsOf(spec).Select(m => Of(from, spec, m.Map, m.Note))]);

    static MapSampler Of(IObjectMaps from, BpfSpec spec, MapSpec map, SampleNote note)
    {
        var sampler = from.Sample(map, note);
        sampler.Stacks = map.Key is { } key && StackLayout.Of(key, spec) is { } layout ? from.Stacks(layout) : null;
        return sampler;
    }

    /// <summary>The maps of an object that its author wants to be shown.</summary>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8069: one cannot be.</exception>
    public static List<(MapSpec Map, SampleNote Note)> MapsOf(BpfSpec spec)
    {
        var maps = spec.Notes.Samples
            .Select(s => (Map: spec.Maps.FirstOrDefault(m => m.Name == s.Key)
                ?? throw new Pm.Ebpf.EbpfFormatException("PM8069", $"map `{s.Key}` is to be shown, but there is none of that name", spec.Where), Note: s.Value))
            .ToList();
        maps.ForEach(m => MapSampler.Check(m.Map, m.Note));
        return maps;
    }

    /// <summary>Shows those whose time has come.</summary>
    public void ShowDue()
    {
        for (var i = 0; i < _samplers.Count; i++)
        {
            if (_context.Time.GetElapsedTime(_shown[i]) >= _samplers[i].Interval)
            {
                _shown[i] = _context.Time.GetTimestamp();
                Show(_samplers[i]);
            }
        }
    }

    /// <summary>Shows all, whatever the time.</summary>
    public void ShowAll() => _samplers.ForEach(Show);

    void Show(MapSampler sampler)
    {
        var text = sampler.Show(_style);
        if (text.Length == 0)
        {
            return;
        }

        var now = _context.Time.GetLocalNow();
        var head = _style is EventStyle.Columns && _dialect is EventDialect.Own ? $"{now.Hour:D2}:{now.Minute:D2}:{now.Second:D2} {sampler.Map.Name}\n" : "";
        _context.Terminal.Output.Write(Encoding.UTF8.GetBytes(head + text));
        _context.Terminal.Output.Flush();
    }

    static TimeSpan Max(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
