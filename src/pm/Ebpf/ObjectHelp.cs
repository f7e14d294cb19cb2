using Pm.Cli.Output;
using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;

namespace Pm.Cli.Ebpf;

/// <summary>What an object says of itself, for people. Needs neither a kernel nor root.</summary>
static class ObjectHelp
{
    /// <summary>Its flags, programs and events.</summary>
    public static void Write(Terminal terminal, RunSource source, BpfSpec spec, ParameterSet parameters)
    {
        Line(terminal, source.IsCommand ? $"Usage: {source.Name} [FLAG…]" : $"Usage: pm run {source.Name} [-- FLAG…]");
        foreach (var text in new[] { spec.Notes.Description, spec.Notes.Details }.Where(t => t.Length > 0))
        {
            Line(terminal, "\n" + text);
        }
        if (!parameters.All.IsEmpty)
        {
            Line(terminal, "\nFlags:");
            var width = parameters.All.Max(p => p.Usage.Length);
            foreach (var parameter in parameters.All)
            {
                var values = $"{(parameter.Kind is ParameterKind.Switch ? "" : parameter.Range + "; ")}default: {parameter.Default}";
                Line(terminal, $"  {parameter.Usage.PadRight(width)}  {(parameter.Help.Length > 0 ? $"{parameter.Help} ({values})" : values)}");
            }
        }

        Line(terminal, "\nFlags of every object: --json, --text, --duration TIME, --strict, --help");
        Line(terminal, "\nPrograms:");
        Programs(terminal, spec);
        if (spec.Notes.Linux.Length > 0)
        {
            Line(terminal, $"\nFor Linux {spec.Notes.Linux}; `pm check` says what a kernel takes.");
        }

        if (!spec.Notes.Maps.IsEmpty)
        {
            Line(terminal, "\nMaps:");
            var width = spec.Notes.Maps.Keys.Max(name => name.Length);
            foreach (var (name, text) in spec.Notes.Maps)
            {
                Line(terminal, $"  {name.PadRight(width)}  {text}");
            }
        }

        foreach (var events in spec.Events)
        {
            if (events.Layouts.IsEmpty)
            {
                Line(terminal, $"\nEvents of map {events.Map.Name}: of a type that is not known");
            }

            foreach (var type in events.Layouts)
            {
                Line(terminal, $"\nEvents of map {events.Map.Name}: {type}\n  {string.Join(", ", EventDecoder.Compile(type, readings: events.Readings).Columns)}");
            }
        }
    }

    /// <summary>What would be loaded and attached.</summary>
    public static void Preview(Terminal terminal, string path, BpfSpec spec)
    {
        Line(terminal, $"would load {path} and attach:");
        Programs(terminal, spec);
        terminal.Note("nothing was loaded (dry run)");
    }

    static void Programs(Terminal terminal, BpfSpec spec)
    {
        var width = spec.Programs.Select(p => p.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var program in spec.Programs)
        {
            Line(terminal, $"  {program.Name.PadRight(width)}  {program.Place}{(program.Hook.IsOptional ? "  (only when asked for)" : "")}{(HookTarget.OptionOf(program) is { } option ? $"  ({option})" : "")}{Instead(spec, program.Name)}");
        }
    }

    /// <summary>Of a program that is only tried where another is refused.</summary>
    static string Instead(BpfSpec spec, string program)
    {
        var before = spec.Notes.Fallbacks.Select(f => (f, At: f.IndexOf(program))).FirstOrDefault(f => f.At > 0);
        return before.At > 0 ? $"  (instead of {before.f[before.At - 1]})" : "";
    }

    static void Line(Terminal terminal, string text) => terminal.Data(Hostile.Visible(text));
}
