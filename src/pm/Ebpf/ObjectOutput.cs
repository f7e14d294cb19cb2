using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;

namespace Pm.Cli.Ebpf;

/// <summary>What shows the events and maps of an object that runs.</summary>
/// <param name="Maps">Those whose events are shown.</param>
/// <param name="Samples">Those that are shown themselves.</param>
/// <param name="Flush">Sends on what was written.</param>
/// <param name="Lost">How many events were lost while they were read, as far as the kernel says it.</param>
sealed record ObjectOutput(IReadOnlyList<MapSpec> Maps, SampleTimer Samples, Action Flush, Func<ulong> Lost)
{
    /// <summary>As its own types say.</summary>
    public static ObjectOutput Of(PmContext context, IObjectMaps from, BpfSpec spec, IReadOnlyList<EventSpec> maps, EventStyle style)
    {
        var printer = new EventPrinter(context.Terminal.Output, style, maps.Count == 1);
        foreach (var map in maps)
        {
            from.Read(map.Map, printer.For(map, layout => StackLayout.Of(layout, spec) is { } stacks ? from.Stacks(stacks) : null));
        }

        return new ObjectOutput([.. maps.Select(m => m.Map)], SampleTimer.Of(context, from, spec, style), printer.Flush, () => printer.Lost);
    }

    /// <summary>As a package of eunomia's says, in the form of its loader.</summary>
    public static ObjectOutput Of(PmContext context, IObjectMaps from, EunomiaShown shown, EventStyle style)
    {
        var printer = new EunomiaPrinter(context.Terminal.Output, style is EventStyle.Json, shown.HasHeader, context.Time);
        var sinks = shown.Exports.Select(e => (e.Map, Sink: printer.For(e.Decoder, e.Stack is null ? null : from.Stacks(e.Stack)))).ToList();
        foreach (var (map, sink) in sinks)
        {
            from.Read(map, sink);
        }

        if (sinks is [var only])
        {
            printer.WriteHeader(only.Sink);
        }

        return new ObjectOutput([.. sinks.Select(s => s.Map)], SampleTimer.OfEunomia(context, from, shown.Samples, style), printer.Flush, () => printer.Lost);
    }
}
