using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Objects;

/// <summary>What the events of one map are.</summary>
/// <param name="Map">The map that carries them.</param>
/// <param name="Layouts">Structs and unions, or what else was said that they are; none when it is not known. Of several a record's length says which it has (<see cref="RecordLength"/>).</param>
/// <param name="Source">How it is known.</param>
/// <param name="Candidates">Those that it could be, when it is not known.</param>
/// <param name="Sizes">The sizes that the programs write, as far as they are constants.</param>
public sealed record EventSpec(MapSpec Map, ImmutableArray<BtfType> Layouts, EventSource Source, ImmutableArray<BtfType> Candidates, ImmutableArray<int> Sizes)
{
    /// <summary>How members are read, by their names, those within others as <c>outer.inner</c>.</summary>
    public ImmutableSortedDictionary<string, Reading> Readings { get; init; } = ImmutableSortedDictionary<string, Reading>.Empty;

    /// <summary>The only layout, or the first of several; null when it is not known.</summary>
    public BtfType? Type => Layouts is [var first, ..] ? first : null;

    /// <summary>A layout in a word; of an array, which has no name, as C says it.</summary>
    public static string NameOf(BtfType layout) => layout.Name is { Length: > 0 } name ? name : $"{layout}";

    /// <summary>The word, in the place of a type, for a map whose events nobody wants.</summary>
    public const string NoType = "none";

    /// <summary>The types among what was said of maps.</summary>
    public static Dictionary<string, string> Stated(IReadOnlyDictionary<string, string> stated)
    {
        ArgumentNullException.ThrowIfNull(stated);
        return stated.Where(e => e.Value != NoType).ToDictionary(e => e.Key, e => e.Value);
    }
}
