namespace Pm.Storage;

/// <summary>How a root changes from one generation to the next.</summary>
public enum RootKind
{
    /// <summary>Shared with others (<c>/usr/local</c>): journalled path by path.</summary>
    Prefix,

    /// <summary>One program's own directory: a fresh tree is built beside and switched to by one rename.</summary>
    Application,
}
