namespace Pm.Fuzzing.Gear;

/// <summary>The files of <c>corpus/TARGET/</c>: what once broke a reader, and what is too awkward to write in code.</summary>
static class Corpus
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "corpus");

    public static IEnumerable<string> Of(FuzzTarget target)
    {
        var folder = Path.Combine(Folder, target.Name);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : [];
    }
}
