using System.Diagnostics.CodeAnalysis;

namespace Pm.Packages.Manifests;

/// <summary>Where a package comes from. All text in one is checked: it may be given to programs.</summary>
public abstract record PackageSource
{
    private protected PackageSource()
    {
    }

    /// <summary>Reads a source in one text: <c>git+https://…#ref?path=sub</c>, <c>github:owner/name#ref</c>, <c>https://…#sha256=…</c>, <c>./path</c>.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="source">What it names; null: it is none.</param>
    /// <param name="fault">What is wrong with it; empty: nothing.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PackageSource? source, out string fault)
    {
        fault = SourceText.Read(text, out source) ?? "";
        return source is not null;
    }
}
