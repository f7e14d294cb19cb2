namespace Pm.Packages.Index;

/// <summary>The parts of an index file, in the order of its head. Source: docs/formats/index.md.</summary>
enum IndexSection
{
    /// <summary>One for each version: all that is known of it.</summary>
    Records,

    /// <summary>For each name, sorted: where its text, its versions and its words begin.</summary>
    Names,

    /// <summary>The texts of the names, without anything between them.</summary>
    NameTexts,

    /// <summary>For each version, newest first within a name: where its record begins, and its source.</summary>
    Versions,

    /// <summary>For each name what it is searched by, in lower case.</summary>
    Words,

    /// <summary>For each capability, sorted: where its text and its list of names begin.</summary>
    Capabilities,

    /// <summary>Texts and lists of the capabilities.</summary>
    CapabilityData,

    /// <summary>For each three letters in a row, sorted: where the list of names with them begins, and how long it is.</summary>
    Trigrams,

    /// <summary>The lists: ascending numbers of names, each as the difference to the one before.</summary>
    Postings,
}
