using Pm.Packages;

namespace Pm.Stages.Sources;

/// <summary>
/// An entry of a source that belongs to what names its content, and that a directory does not show, or that version control does not keep: an empty
/// directory, a submodule.
/// </summary>
/// <param name="Mode">As git writes it in a tree, without a zero in front; <c>40000</c> for a directory.</param>
/// <param name="Id">What it is; null: a directory of an archive.</param>
/// <param name="Path">Below the source.</param>
sealed record UnusualEntry(string Mode, string? Id, string Path)
{
    /// <summary>Reads what <see cref="ToString"/> writes; null: it is none.</summary>
    public static UnusualEntry? TryParse(string text)
    {
        var parts = text.Split(' ', 3);
        return parts is [GitTree.TreeMode or "160000", var id, var path] && (id == "-" || GitReference.IsId(id)) && PackagePath.IsValid(path)
            ? new UnusualEntry(parts[0], id == "-" ? null : id, path)
            : null;
    }

    public override string ToString() => $"{Mode} {Id ?? "-"} {Path}";
}
