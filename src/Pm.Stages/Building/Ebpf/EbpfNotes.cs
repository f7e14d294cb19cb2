using System.Collections.Immutable;
using System.Text;
using Pm.Ebpf;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Ebpf.Sampling;
using Pm.Packages;
using Pm.Packages.Versions;

namespace Pm.Stages.Building.Ebpf;

/// <summary>What the author of a module says of it in comments and in the manifest, on its way into the object. Source: docs/formats/ebpf-notes.md.</summary>
static class EbpfNotes
{
    /// <summary>What is said of a module; the manifest goes before the comments.</summary>
    /// <exception cref="StageException">PM7314: a comment says what cannot be.</exception>
    /// <param name="module">The module.</param>
    /// <param name="source">Its source.</param>
    /// <param name="linux">The kernels that its package is for; null: not said.</param>
    public static ObjectNotes Of(EbpfModule module, string source, VersionRequirement? linux)
    {
        try
        {
            var notes = DocumentationReader.Read(source, PathText.Show(module.Source));
            return notes with
            {
                Events = notes.Events.SetItems(module.Stated.Events.Where(e => e.Value.Type is not null).Select(e => KeyValuePair.Create(e.Key, e.Value.Type!))),
                Readings = notes.Readings.SetItems(module.Stated.Events.Where(e => !e.Value.Readings.IsEmpty).Select(e => KeyValuePair.Create(e.Key, ReadingsOf(module, e.Key, e.Value.Readings)))),
                Linux = $"{linux}",
                Fallbacks = module.Stated.Fallbacks,
            };
        }
        catch (EbpfFormatException e)
        {
            throw new StageException("PM7314", e.Message, e.Hint);
        }
    }

    static ImmutableSortedDictionary<string, Reading> ReadingsOf(EbpfModule module, string map, ImmutableSortedDictionary<string, string> stated) =>
        stated.ToImmutableSortedDictionary(
            s => s.Key,
            s => Readings.Find(s.Value) ?? throw new StageException(
                "PM7314", $"[[module]] {module.Name}, `events.{PathText.Show(map)}.readings`: {PathText.Show(s.Key)}: there is no reading `{PathText.Show(s.Value)}`",
                $"one of {string.Join(", ", Readings.All.Select(Readings.NameOf))}"),
            StringComparer.Ordinal);

    /// <summary>The same as C, which puts them into a section of the object; nothing, where nothing is said.</summary>
    public static string ToSource(ObjectNotes notes)
    {
        if (notes.IsEmpty)
        {
            return "";
        }

        var text = new StringBuilder($"static const char __pm_notes[] __attribute__((__section__(\"{ObjectNotes.Section}\"), __used__)) = \"");
        foreach (var b in notes.ToBytes())
        {
            // Three digits always, so that none that follows counts as one more.
            _ = b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' and not (byte)'?' ? text.Append((char)b) : text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
        }

        return text.Append("\";\n").ToString();
    }

    /// <summary>Reads what was compiled, and holds what is said of it against what is there.</summary>
    /// <exception cref="StageException">PM7313: it is no object; PM7314: the manifest names what is not there.</exception>
    public static BpfSpec Read(EbpfModule module, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var spec = BpfSpec.Parse(bytes, module.ObjectPath);
            RequireDefaults(module, spec);
            RequireReadings(module, spec);
            RequireSamples(module, spec);
            if (spec.Undeclared is [var undeclared, ..])
            {
                throw new StageException("PM7313", $"{module.Name}: {PathText.Show(module.Source)} uses `{PathText.Show(undeclared)}`, which nothing defines", undeclared.StartsWith("__", StringComparison.Ordinal)
                    ? "where it is declared: of the kernel's functions whose names begin with two underscores clang 14 keeps no types, and clang 19 does; `[constraints]` can ask for it"
                    : "is it spelled as in <bpf/bpf_helpers.h> and vmlinux.h? What another source defines has to be included: each is compiled by itself");
            }

            return module.Stated.Fallbacks.SelectMany(f => f).FirstOrDefault(name => !spec.Programs.Any(p => p.Name == name)) is { } missing
                ? throw new StageException(
                    "PM7314", $"[[module]] {module.Name}, `fallbacks`: {PathText.Show(module.Source)} has no program `{PathText.Show(missing)}`",
                    $"its programs are {string.Join(", ", spec.Programs.Select(p => p.Name))}")
                : spec;
        }
        catch (EbpfFormatException e) when (e.Code == "PM8022" && !module.Stated.Events.IsEmpty)
        {
            throw new StageException("PM7314", $"[[module]] {module.Name}, `events`: {e.Message}", "`events.MAP.type` names a map that carries events, and a struct");
        }
        catch (EbpfFormatException e)
        {
            throw new StageException("PM7313", $"{module.Name}: what clang made of {PathText.Show(module.Source)} cannot be read: {e.Message}");
        }
    }

    /// <exception cref="StageException">PM7314: a map that is to be shown is not there, or cannot be.</exception>
    static void RequireSamples(EbpfModule module, BpfSpec spec)
    {
        try
        {
            foreach (var (name, note) in spec.Notes.Samples)
            {
                MapSampler.Check(spec.Maps.FirstOrDefault(m => m.Name == name) ?? throw new EbpfFormatException("PM8069", $"map `{name}` is not there"), note);
            }
        }
        catch (EbpfFormatException e)
        {
            throw new StageException("PM7314", $"[[module]] {module.Name}, {PathText.Show(module.Source)}: `@sample`: {e.Message}", e.Hint);
        }
    }

    /// <exception cref="StageException">PM7314: a member that is to be read as something is not there, or of a type that nothing can be read of.</exception>
    static void RequireReadings(EbpfModule module, BpfSpec spec)
    {
        foreach (var (map, readings) in spec.Notes.Readings)
        {
            var types = spec.Events.Where(e => e.Map.Name == map).SelectMany(e => e.Layouts).Concat(spec.Records.Where(r => r.Key == map).Select(r => r.Value)).ToList();
            var read = types.SelectMany(t => Read(t, readings)).ToHashSet(StringComparer.Ordinal);
            if (readings.Keys.FirstOrDefault(member => !read.Contains(member)) is { } unread)
            {
                throw new StageException(
                    "PM7314",
                    $"[[module]] {module.Name}, `events.{PathText.Show(map)}.readings`: {(!spec.Maps.Any(m => m.Name == map && m.CarriesEvents) && types.Count == 0 ? $"there is no map `{PathText.Show(map)}` that carries events{Events(spec)}" : types.Count == 0 ? $"of which type the events of {PathText.Show(map)} are is not known" : $"{PathText.Show(string.Join(", ", types))} has no member `{PathText.Show(unread)}` that can be read as {Readings.NameOf(readings[unread])}")}",
                    "`ip` is for 4 or 16 bytes, `time` for 8, `errno` and `signal` are for whole numbers, `strings` for arrays of bytes; a member within another is \"outer.inner\"");
            }
        }
    }

    static string Events(BpfSpec spec) => spec.Maps.Where(m => m.CarriesEvents).Select(m => PathText.Show(m.Name)).ToList() is { Count: > 0 } names ? $"; those that do are {string.Join(", ", names)}" : "";

    /// <summary>Events that cannot be shown at all are none that are read.</summary>
    static IEnumerable<string> Read(BtfType type, IReadOnlyDictionary<string, Reading> readings)
    {
        try
        {
            return EventDecoder.Compile(type, readings: readings).Read;
        }
        catch (EbpfFormatException)
        {
            return [];
        }
    }

    /// <exception cref="StageException">PM7314: a comment says that a variable is what it cannot be.</exception>
    static void RequireDefaults(EbpfModule module, BpfSpec spec)
    {
        try
        {
            var flags = ParameterSet.Of(spec).All;
            foreach (var (name, note) in spec.Notes.Flags.Where(f => f.Value.Reading is not null))
            {
                if (flags.FirstOrDefault(f => f.Global.Name == name) is { } flag && flag.Each != (note.Reading is Reading.Address ? ParameterKind.Address : ParameterKind.Number))
                {
                    throw new EbpfFormatException("PM8022", $"variable `{name}`: {flag.Global.Type} cannot be read as {Readings.NameOf(note.Reading!.Value)}");
                }
            }
        }
        catch (EbpfFormatException e)
        {
            throw new StageException("PM7314", $"[[module]] {module.Name}, {PathText.Show(module.Source)}: {e.Message}", "`/// @cmdarg {\"default\": …}` above the variable says it");
        }
    }
}
