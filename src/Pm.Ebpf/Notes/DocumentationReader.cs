using System.Collections.Immutable;

namespace Pm.Ebpf.Notes;

/// <summary>
/// Makes notes of the comments in a source: <c>///</c> and <c>/** … */</c> above a variable or a map say what it is for, and with <c>@cmdarg</c> and <c>@sample</c> more of it; above the licence, or at
/// the head of the file, what the programs are for. Source: docs/formats/build.md; the comments are those that eunomia's ecc reads.
/// </summary>
public static class DocumentationReader
{
    const string MapSection = ".maps";
    const string LicenceSection = "license";

    /// <param name="source">In C.</param>
    /// <param name="where">Its name, for messages.</param>
    /// <exception cref="EbpfFormatException">PM8022: what stands behind a word such as <c>@cmdarg</c> is not what it has to be; with the line.</exception>
    public static ObjectNotes Read(string source, string where)
    {
        ArgumentNullException.ThrowIfNull(source);
        var notes = ObjectNotes.None;
        foreach (var documented in new SourceScan(source).Documented())
        {
            var at = $"{where}:{documented.Line}";
            var said = Documentation.Of(documented.Lines);
            notes = documented.Section switch
            {
                _ when documented.Name.Length == 0 => OfProgram(notes, said, isHead: true),
                LicenceSection => OfProgram(notes, said, isHead: false),
                MapSection => OfMap(notes, documented.Name, said, at),
                _ => OfGlobal(notes, documented.Name, said, at),
            };
        }

        return notes;
    }

    /// <summary>What stands at the licence goes before what stands at the head.</summary>
    static ObjectNotes OfProgram(ObjectNotes notes, Documentation said, bool isHead) => notes with
    {
        Description = said.Description.Length > 0 && !(isHead && notes.Description.Length > 0) ? Bounded(said.Description) : notes.Description,
        Details = said.Details.Length > 0 && !(isHead && notes.Details.Length > 0) ? Bounded(said.Details) : notes.Details,
    };

    static ObjectNotes OfMap(ObjectNotes notes, string name, Documentation said, string where)
    {
        notes = said.Description.Length > 0 ? notes with { Maps = Bounded(notes.Maps, name, Bounded(said.Description), where) } : notes;
        return said.Sample is { } sample ? notes with { Samples = Bounded(notes.Samples, name, NotesReader.ReadSample(sample, where), where) } : notes;
    }

    static ObjectNotes OfGlobal(ObjectNotes notes, string name, Documentation said, string where)
    {
        var flag = said.Flag is { } json ? NotesReader.ReadFlag(json, where) : new FlagNote();
        flag = flag.Help.Length > 0 ? flag : flag with { Help = Bounded(said.Description) };
        return flag == new FlagNote() ? notes : notes with { Flags = Bounded(notes.Flags, name, flag, where) };
    }

    static ImmutableSortedDictionary<string, T> Bounded<T>(ImmutableSortedDictionary<string, T> all, string name, T value, string where) =>
        name.Length <= NoteLimits.Line && all.Count < NoteLimits.Entries
            ? all.SetItem(name, value)
            : throw new EbpfFormatException("PM8022", $"at most {NoteLimits.Entries} names of at most {NoteLimits.Line} characters are described", where);

    static string Bounded(string text) => text.Length > NoteLimits.Text ? text[..NoteLimits.Text] : text;
}
