namespace Pm.Cli.Manuals;

/// <summary>Texts that lie inside the executable: nothing of them is read until one is asked for.</summary>
static class EmbeddedText
{
    const string TemplatePrefix = "template/";
    const string ManualPrefix = "manual/";
    const string ErrorPrefix = "error/";
    const string BindingPrefix = "binding/";

    /// <summary>A source with which projects begin, or null: <c>bootstrap.bpf.c</c>.</summary>
    public static string? Template(string name) => Read(TemplatePrefix + name);

    /// <summary>The Markdown of a manual, or null: <c>Remotes/AddCommand</c>.</summary>
    public static string? Manual(string name) => Read(ManualPrefix + name);

    /// <summary>The page of an error code, or null.</summary>
    public static string? Error(string code) => Read(ErrorPrefix + code);

    /// <summary>The library for a language, or null: <c>ebpm.go</c>.</summary>
    public static string? Binding(string name) => Read(BindingPrefix + name);

    /// <summary>Every error code that has a page, in order.</summary>
    public static IEnumerable<string> ErrorCodes() => Names(ErrorPrefix);

    /// <summary>Every manual, in order.</summary>
    public static IEnumerable<string> Manuals() => Names(ManualPrefix);

    static IEnumerable<string> Names(string prefix) =>
        typeof(EmbeddedText).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Select(n => n[prefix.Length..])
            .Order(StringComparer.Ordinal);

    static string? Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
