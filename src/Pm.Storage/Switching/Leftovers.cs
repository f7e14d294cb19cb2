using System.Globalization;
using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>What neither belongs to pm nor can stay where it is: kept below <c>saved/</c> in the root's state, and told.</summary>
sealed class Leftovers
{
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
        using var saved = _root.State.OpenOrMakeBeneath(below, Root.DirectoryMode);
        var flat = path.Replace('/', '!');
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
}
