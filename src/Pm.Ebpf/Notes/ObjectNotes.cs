using System.Collections.Immutable;

namespace Pm.Ebpf.Notes;

/// <summary>What an author says of an object beside its code. An object carries it as JSON in its section <see cref="Section"/>. Source: docs/formats/ebpf-notes.md.</summary>
public sealed record ObjectNotes
{
    /// <summary>The section of the object.</summary>
    public const string Section = ".pm.notes";

    /// <summary>Of an object whose author says nothing.</summary>
    public static ObjectNotes None { get; } = new();

    /// <summary>What it is for, in a line; empty: not said.</summary>
    public string Description { get; init; } = "";

    /// <summary>More of it, perhaps in several lines; empty: not said.</summary>
    public string Details { get; init; } = "";

    /// <summary>By the name of the global that each sets.</summary>
    public ImmutableSortedDictionary<string, FlagNote> Flags { get; init; } = Nothing<FlagNote>();

    /// <summary>What maps are for, by their names.</summary>
    public ImmutableSortedDictionary<string, string> Maps { get; init; } = Nothing<string>();

    /// <summary>How maps that hold numbers are shown, by their names.</summary>
    public ImmutableSortedDictionary<string, SampleNote> Samples { get; init; } = Nothing<SampleNote>();

    /// <summary>The type of the events of maps, by their names.</summary>
    public ImmutableSortedDictionary<string, string> Events { get; init; } = Nothing<string>();

    /// <summary>How members of events are read, by the names of maps or iterators and of the members, those within others as <c>outer.inner</c>.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Reading>> Readings { get; init; } = Nothing<ImmutableSortedDictionary<string, Reading>>();

    /// <summary>The kernels that it is for, as a requirement on their version: <c>&gt;=5.8</c>; empty: not said.</summary>
    public string Linux { get; init; } = "";

    /// <summary>Programs that do the same in different ways: of each list the first that loads is used.</summary>
    public ImmutableArray<ImmutableArray<string>> Fallbacks { get; init; } = [];

    public bool IsEmpty => Description.Length == 0 && Details.Length == 0 && Flags.IsEmpty && Maps.IsEmpty && Samples.IsEmpty && Events.IsEmpty
        && Readings.IsEmpty && Linux.Length == 0 && Fallbacks.IsEmpty;

    /// <param name="utf8">The content of the section: JSON, perhaps with a NUL behind it.</param>
    /// <param name="where">The file, for messages.</param>
    /// <exception cref="EbpfFormatException">PM8022: it breaks a rule of the format.</exception>
    public static ObjectNotes Parse(ReadOnlyMemory<byte> utf8, string where) => NotesReader.Read(utf8, where);

    /// <summary>The content of the section, without a NUL.</summary>
    public byte[] ToBytes() => NotesWriter.Write(this);

    static ImmutableSortedDictionary<string, T> Nothing<T>() => ImmutableSortedDictionary<string, T>.Empty.WithComparers(StringComparer.Ordinal);
}
