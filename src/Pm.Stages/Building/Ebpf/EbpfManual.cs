using System.Collections.Immutable;
using Pm.Ebpf;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Packages;
using Pm.Stages.Manuals;

namespace Pm.Stages.Building.Ebpf;

/// <summary>The page for man(1) of a command that runs an eBPF object: what its author says of it, its flags, and what it tells. Source: docs/formats/build.md.</summary>
static class EbpfManual
{
    /// <summary>Of commands for who runs the machine.</summary>
    const int Section = 8;

    const int LongestSummary = 160;

    const string Untold = "an eBPF program";

    /// <summary>Where man(1) looks for it.</summary>
    public const string Folder = "share/man/man8";

    public static string NameOf(EbpfModule module) => $"{module.Name}.{Section}";

    /// <param name="id">The package that it is in.</param>
    /// <param name="summary">What that is, in a line; null: not said.</param>
    /// <param name="module">The command.</param>
    /// <param name="spec">What its object says of itself.</param>
    public static string Write(PackageId id, string? summary, EbpfModule module, BpfSpec spec)
    {
        var said = new[] { spec.Notes.Description, spec.Notes.Details }.Select(Line).Where(t => t.Length > 0).ToList();
        return ManPage.WritePlain(
            new ManTitle(module.Name, Section, "", $"{id.Name} {id.Version}", "eBPF programs"),
            [
                Head("Name"), new ManualBlock.Paragraph($"{module.Name} - {Summary(summary ?? (said.Count > 0 ? said[0] : Untold))}"),
                Head("Synopsis"), new ManualBlock.Code($"{module.Name} [FLAG...]\npm run [OPTION...] {module.Name} [-- FLAG...]"),
                .. said.Count == 0 ? [] : said.Select(t => new ManualBlock.Paragraph(t)).Prepend<ManualBlock>(Head("Description")),
                .. Flags(ParameterSet.Of(spec)), .. Events(spec), .. Programs(spec), .. Maps(spec.Notes),
                Head("See also"), new ManualBlock.Paragraph("pm-run(1), pm-check(1), pm-logs(1), pm-stop(1)"),
            ]);
    }

    static IEnumerable<ManualBlock> Flags(ParameterSet parameters)
    {
        yield return Head("Flags");
        foreach (var flag in parameters.All)
        {
            var values = $"{(flag.Kind is ParameterKind.Switch ? "" : flag.Range + "; ")}default: {flag.Default}";
            yield return new ManualBlock.Definition(flag.Usage, Line(flag.Help.Length > 0 ? $"{flag.Help} ({values})" : values));
        }

        yield return new ManualBlock.Definition("--json", "one JSON object a line, in place of columns");
        yield return new ManualBlock.Definition("--text", "lines of name=value");
        yield return new ManualBlock.Definition("--duration TIME", "end after 5s, 500ms or 2m; else ^C ends it");
        yield return new ManualBlock.Definition("--strict", "run nothing where the kernel refuses a program, or takes it by another hook");
        yield return new ManualBlock.Definition("--interface, --cgroup, --at, --frequency, --event, --map-size", "as of pm-run(1)");
        yield return new ManualBlock.Definition("--help", "show flags, programs and events");
        if (!parameters.Unsettable.IsEmpty)
        {
            yield return new ManualBlock.Paragraph(Line($"Cannot be set by a flag: {string.Join(", ", parameters.Unsettable.Select(u => $"`{u.Global.Name}` ({u.Type})"))}."));
        }
    }

    static IEnumerable<ManualBlock> Events(BpfSpec spec)
    {
        var all = spec.Events.SelectMany(e => e.Layouts, (e, layout) => ($"In map `{e.Map.Name}`", layout, e.Readings))
            .Concat(spec.Records.Select(r => ($"Of iterator `{r.Key}`", r.Value, spec.Notes.Readings.GetValueOrDefault(r.Key, ImmutableSortedDictionary<string, Reading>.Empty))));
        foreach (var (number, (where, layout, readings)) in all.Index())
        {
            if (number == 0)
            {
                yield return Head("Events");
            }

            yield return new ManualBlock.Paragraph(Line($"{where}, of type `{layout}`:"));
            foreach (var member in Members(layout, readings))
            {
                yield return member;
            }
        }
    }

    static IEnumerable<ManualBlock> Members(BtfType layout, ImmutableSortedDictionary<string, Reading> readings)
    {
        EventDecoder decoder;
        Dictionary<string, BtfType> types = new(StringComparer.Ordinal);
        try
        {
            decoder = EventDecoder.Compile(layout, readings: readings);
            AddTypes(layout.Resolve(), types, 0);
        }
        catch (EbpfFormatException)
        {
            // Other people's are packages all the same; `pm run` says why they are not shown.
            return [new ManualBlock.Paragraph("They cannot be shown: `--event MAP=none` leaves them.")];
        }

        return decoder.Columns.Select(c => Member(c, $"{types.GetValueOrDefault(c, layout)}"))
            .Concat(decoder.Read.Where(r => r.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(r => Member(r, "")));

        ManualBlock Member(string name, string type) => new ManualBlock.Definition(
            name, Line(string.Join(", ", new[] { type, decoder.Read.Contains(name) ? $"shown as {Readings.NameOf(readings[name])}" : "" }.Where(t => t.Length > 0))));
    }

    /// <summary>Members of unnamed structs and unions are shown as those of what they lie in.</summary>
    static void AddTypes(BtfType type, Dictionary<string, BtfType> types, int depth)
    {
        foreach (var member in type.IsComposite && depth < BtfLimits.Depth ? type.Members : [])
        {
            if (member.Name.Length > 0)
            {
                types.TryAdd(member.Name, member.Type);
            }
            else
            {
                AddTypes(member.Type.Resolve(), types, depth + 1);
            }
        }
    }

    static IEnumerable<ManualBlock> Programs(BpfSpec spec)
    {
        yield return Head("Programs");
        foreach (var program in spec.Programs)
        {
            var before = spec.Notes.Fallbacks.Select(f => (f, At: f.IndexOf(program.Name))).FirstOrDefault(f => f.At > 0);
            yield return new ManualBlock.Definition(program.Name, Line(program.Place + (HookTarget.OptionOf(program) is { } option ? $" ({option})" : "") + (before.At > 0 ? $", where the kernel refuses {before.f[before.At - 1]}" : "")));
        }

        if (spec.Notes.Linux.Length > 0)
        {
            yield return new ManualBlock.Paragraph(Line($"For Linux {spec.Notes.Linux}. `pm check` says whether a kernel takes them."));
        }
    }

    static IEnumerable<ManualBlock> Maps(ObjectNotes notes) =>
        notes.Maps.Select(m => (ManualBlock)new ManualBlock.Definition(m.Key, Line(m.Value))).Prepend(Head("Maps")).Take(notes.Maps.IsEmpty ? 0 : int.MaxValue);

    /// <summary>The first sentence, for lists of pages.</summary>
    static string Summary(string text)
    {
        var line = Line(text);
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        line = (end < 0 ? line : line[..end]).TrimEnd('.');
        return line.Length <= LongestSummary ? line : line[..LongestSummary] + "...";
    }

    /// <summary>On one line, and nothing in it that steers a terminal: control characters, and those of direction (UAX 9).</summary>
    static string Line(string text) => string.Concat(text.Select(c =>
        char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') ? ' ' : c)).Trim();

    static ManualBlock.Heading Head(string text) => new(2, text);
}
