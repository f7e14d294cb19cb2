using System.Text.Json;
using Pm.Cli.Manuals;
using Pm.Cli.Output;
using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;

namespace Pm.Cli.Ebpf;

/// <summary>What an object says of itself, for people. Needs neither a kernel nor root.</summary>
static class ObjectHelp
{
    const int Indent = 2;

    /// <summary>What is said of a name begins there at the latest; a longer name stands on a line of its own.</summary>
    const int WidestColumn = 36;

    /// <summary>Its flags, programs and events.</summary>
    public static void Write(Terminal terminal, RunSource source, BpfSpec spec, ParameterSet parameters)
    {
        Line(terminal, source.IsCommand ? $"Usage: {source.Name} [FLAG…]" : $"Usage: pm run {source.Name} [-- FLAG…]");
        foreach (var text in new[] { spec.Notes.Description, spec.Notes.Details }.Where(t => t.Length > 0))
        {
            Line(terminal, "");
            Wrapped(terminal, text, 0);
        }

        if (!parameters.All.IsEmpty)
        {
            Line(terminal, "\nFlags:");
            Definitions(terminal, parameters.All.Select(p => (p.Usage, p.Help.Length > 0 ? $"{p.Help} ({Values(p)})" : Values(p))));
        }

        if (!parameters.Unsettable.IsEmpty)
        {
            Line(terminal, "");
            Wrapped(terminal, $"Cannot be set by a flag: {string.Join(", ", parameters.Unsettable.Select(u => $"{Hostile.OneLine(u.Global.Name)} ({Hostile.OneLine(u.Type)})"))}", 0);
        }

        Line(terminal, "");
        Wrapped(terminal, "Flags of every object: --json, --text, --duration TIME, --strict, --help", 0);
        Line(terminal, "\nPrograms:");
        Programs(terminal, spec);
        if (spec.Notes.Linux.Length > 0)
        {
            Line(terminal, "");
            Wrapped(terminal, $"For Linux {spec.Notes.Linux}; `pm check` says what a kernel takes.", 0);
        }

        if (!spec.Notes.Maps.IsEmpty)
        {
            Line(terminal, "\nMaps:");
            Definitions(terminal, spec.Notes.Maps.Select(m => (m.Key, m.Value)));
        }

        foreach (var events in spec.Events)
        {
            if (events.Layouts.IsEmpty)
            {
                Line(terminal, $"\nEvents of map {events.Map.Name}: of a type that is not known");
            }

            foreach (var type in events.Layouts)
            {
                Line(terminal, $"\nEvents of map {events.Map.Name}: {type}");
                Wrapped(terminal, string.Join(", ", EventDecoder.Compile(type, readings: events.Readings).Columns), Indent);
            }
        }
    }

    /// <summary>What would be loaded and attached.</summary>
    public static void Preview(Terminal terminal, string path, BpfSpec spec, ObjectChoices choices)
    {
        if (choices.Style is EventStyle.Json)
        {
            JsonOutput.Write(terminal, "would-run", json => Preview(json, path, spec));
        }
        else
        {
            Line(terminal, $"would load {path} and attach{(choices.IsDetached ? ", and leave it there" : "")}:");
            Programs(terminal, spec);
        }

        terminal.Note("nothing was loaded (dry run)");
    }

    static void Preview(Utf8JsonWriter json, string path, BpfSpec spec)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, path);
        json.WriteStartArray("programs"u8);
        foreach (var program in spec.Programs.Where(p => !p.IsLeftOut))
        {
            json.WriteStartObject();
            json.WriteString("program"u8, program.Name);
            json.WriteString("hook"u8, program.Place);
            json.WriteBoolean("optional"u8, program.Hook.IsOptional);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Programs(Terminal terminal, BpfSpec spec) => Definitions(terminal, spec.Programs.Where(p => !p.IsLeftOut).Select(p =>
        (p.Name, $"{p.Place}{(p.Hook.IsOptional ? " (only when asked for)" : "")}{(HookTarget.OptionOf(p) is { } option ? $" ({option})" : "")}{Instead(spec, p.Name)}")));

    static string Values(Parameter parameter) => $"{(parameter.Kind is ParameterKind.Switch || parameter.RangeInHelp.Length == 0 ? "" : parameter.RangeInHelp + "; ")}default: {parameter.Default}";

    /// <summary>Of a program that is only tried where another is refused.</summary>
    static string Instead(BpfSpec spec, string program)
    {
        var before = spec.Notes.Fallbacks.Select(f => (f, At: f.IndexOf(program))).Where(f => f.At > 0).Select(f => f.f[f.At - 1]).Distinct().ToList();
        return before.Count > 0 ? $" (instead of {string.Join(", ", before)})" : "";
    }

    static void Definitions(Terminal terminal, IEnumerable<(string Term, string Text)> all)
    {
        var shown = all.Select(d => (Term: Hostile.OneLine(d.Term), Text: Hostile.OneLine(d.Text.ReplaceLineEndings(" ")))).ToList();
        var column = Math.Min(WidestColumn, shown.Select(d => d.Term.Length).DefaultIfEmpty(0).Max() + (2 * Indent));
        foreach (var line in shown.SelectMany(d => TerminalPage.Definition(d.Term, d.Text, Indent, column, TerminalPage.WidthOf(terminal))))
        {
            terminal.Data(line);
        }
    }

    static void Wrapped(Terminal terminal, string text, int indent)
    {
        foreach (var line in Hostile.Visible(text).Split('\n').SelectMany(l => WrappedText.Lines(l, TerminalPage.WidthOf(terminal) - indent).DefaultIfEmpty("")))
        {
            terminal.Data(new string(' ', line.Length > 0 ? indent : 0) + line);
        }
    }

    static void Line(Terminal terminal, string text) => terminal.Data(Hostile.Visible(text));
}
