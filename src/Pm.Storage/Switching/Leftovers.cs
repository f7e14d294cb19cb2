using System.Globalization;
using System.Text;
using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>What neither belongs to pm nor can stay where it is: kept below <c>saved/</c> in the root's state, and told.</summary>
sealed class Leftovers
{
    /// <summary>What lay in a directory that only its owner could look into must not be seen by all here.</summary>
    const int PrivateMode = 0b111_000_000;

    /// <summary>In bytes; a file system takes 255, and a number may have to follow.</summary>
    const int MaximumName = 240;

    readonly Root _root;
    readonly int _generation;
    readonly List<string> _reports = [];

    public Leftovers(Root root, int generation)
    {
        _root = root;
        _generation = generation;
    }

    public IReadOnlyList<string> Reports => _reports;

    public void Report(string path, string what) => _reports.Add($"`{path}`: {what}");

    /// <summary>Moves an entry of <paramref name="directory"/> to <c>saved/&lt;generation&gt;/&lt;path&gt;</c>.</summary>
    public void Keep(DirectoryHandle directory, string name, string path)
    {
        var below = string.Create(CultureInfo.InvariantCulture, $"{Root.SavedDirectory}/{_generation}");
        using (_root.State.OpenOrMakeBeneath(Root.SavedDirectory, Root.DirectoryMode))
        {
        }
        using var saved = _root.State.OpenOrMakeBeneath(below, PrivateMode);
        var flat = NameFor(path);
        var free = flat;
        for (var i = 2; saved.Status(free) is not null; i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{flat}.{i}");
        }
        try
        {
            directory.Rename(name, saved, free);
            Report(path, $"kept as {Path.Join(Root.StateDirectory, below, free)}");
        }
        catch (SystemCallException e) when (e.Errno == Errno.EXDEV)
        {
            Report(path, $"left as {Path.Join(Path.GetDirectoryName(path), name)}");
        }
    }

    /// <summary>Removes what was made for something that could not be moved in the end.</summary>
    public void RemoveEmpty()
    {
        foreach (var name in new[] { string.Create(CultureInfo.InvariantCulture, $"{Root.SavedDirectory}/{_generation}"), Root.SavedDirectory })
        {
            try
            {
                using var above = _root.State.TryOpenBeneath(Path.GetDirectoryName(name) is { Length: > 0 } parent ? parent : ".");
                above?.RemoveDirectory(Path.GetFileName(name));
            }
            catch (SystemCallException)
            {
                // There is none, or something is kept there; and an empty directory is no loss.
            }
        }
    }

    /// <summary>Of a path that is too long for one name its end, which tells most.</summary>
    static string NameFor(string path)
    {
        while (IsTooLong(path) && path.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0)
        {
            path = path[(slash + 1)..];
        }
        while (IsTooLong(path))
        {
            path = path[(char.IsLowSurrogate(path[1]) ? 2 : 1)..];
        }
        return path.Replace('/', '!');
    }

    static bool IsTooLong(string name) => Encoding.UTF8.GetByteCount(name) > MaximumName;
}
