namespace Pm.Stages.Building.Ebpf;

/// <summary>A type that a source defines.</summary>
/// <param name="Keyword"><c>struct</c> or <c>union</c>; empty where it has no tag, and <paramref name="Name"/> is a typedef's.</param>
/// <param name="Name">Its tag, or the name that it was given.</param>
sealed record EbpfType(string Keyword, string Name)
{
    /// <summary>Where the source does not define it, after all: with it as <c>-D</c>, nothing is said of it.</summary>
    public string Without => $"__PM_WITHOUT_{Name}";

    /// <summary>C that keeps it in the object, among its types: a pointer that nothing uses.</summary>
    /// <param name="prefix">What stands before its name in that of the pointer.</param>
    /// <param name="section">Where the pointer lies; null: among the variables.</param>
    public string Kept(string prefix, string? section)
    {
        var attributes = section is null ? "unused" : $"unused, section(\"{section}\")";
        return Keyword.Length > 0
            ? $"{Keyword} {Name} *{prefix}{Name} __attribute__(({attributes}));\n"
            : $"#ifndef {Without}\n{Name} *{prefix}typedef_{Name} __attribute__(({attributes}));\n#endif\n";
    }
}
