using System.Globalization;
using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>The trees of an application root: <c>trees/N</c> is a directory, or a link to the one that serves again.</summary>
static class ApplicationTrees
{
    /// <summary>The number of the tree that generation <paramref name="number"/> really is; null when it was collected.</summary>
    public static int? Resolve(Root root, int number)
    {
        using var trees = root.State.TryOpenBeneath(Root.TreesDirectory);
        var name = number.ToString(CultureInfo.InvariantCulture);
        return trees?.Status(name) switch
        {
            { IsDirectory: true } => number,
            { IsSymbolicLink: true } when int.TryParse(
                trees.ReadLink(name), NumberStyles.None, CultureInfo.InvariantCulture, out var other)
                && trees.Status(other.ToString(CultureInfo.InvariantCulture)) is { IsDirectory: true } => other,
            _ => null,
        };
    }

    public static DirectoryHandle? TryOpen(Root root, int number) =>
        Resolve(root, number) is { } real ? root.State.TryOpenBeneath(Root.TreeOf(real)) : null;
}
