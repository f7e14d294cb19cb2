using Pm.Linux;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Checks;

/// <summary>Checks of the root, its store and its remotes.</summary>
static class RootChecks
{
    const int MostNamed = 3;

    /// <summary>How long before its end metadata is worth a word.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromDays(2);

    /// <summary>Without the store nothing can be rolled back or mended.</summary>
    public static Finding StoreIsThere(PmContext context)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        var path = StoreOf(context, root);
        return Directory.Exists(path) ? Finding.Good(path)
            : root?.Current is null ? Finding.Good($"{path}, made when it is needed")
            : new Finding(CheckState.Problem, $"{path} is missing, but {root.Path} was installed from it",
                "mount its disk, or install the packages again into a new root");
    }

    /// <summary>Where a hard link cannot serve, installing copies.</summary>
    public static Finding Links(PmContext context)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        var rootDisk = FileSystemStatus.Of(MachineChecks.Existing(context.Settings.Root));
        var storeDisk = FileSystemStatus.Of(MachineChecks.Existing(StoreOf(context, root)));
        return rootDisk.Device == storeDisk.Device
            ? Finding.Good($"root and store are on one file system ({rootDisk.Type})")
            : new Finding(
                CheckState.Warning, $"root ({rootDisk.Type}) and store ({storeDisk.Type}) are on two file systems: files are copied, not linked",
                "PM_STORE chooses the store of a new root");
    }

    /// <summary>What a crash or a power cut left.</summary>
    public static Finding Journal(PmContext context)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        return root is { NeedsRecovery: true }
            ? new Finding(CheckState.Problem, $"a change of {root.Path} was interrupted, or is under way", "`pm recover`")
            : Finding.Good("no change was interrupted");
    }

    /// <summary>How long what the remotes offered is vouched for.</summary>
    public static Finding Remotes(PmContext context)
    {
        using var session = RootSession.TryOpen(context.Settings.Root);
        var names = session?.Remotes.Remotes.Select(r => r.Name).ToList() ?? [];
        if (names.Count == 0)
        {
            return Finding.Good("none is configured");
        }

        var now = context.Time.GetUtcNow();
        var states = names.Select(n => (Name: n, session!.Catalogue.StateOf(n)?.Expires)).ToList();
        var unpulled = states.Where(s => s.Expires is null).Select(s => s.Name).ToList();
        var expired = states.Where(s => s.Expires < now).Select(s => s.Name).ToList();
        var ending = states.Where(s => s.Expires >= now && s.Expires - now < Soon).Select(s => s.Name).ToList();
        return expired.Count > 0 ? new Finding(CheckState.Problem, $"the metadata of {Names(expired)} has expired", "`pm pull`; if that does not help, its publisher must renew it")
            : unpulled.Count > 0 ? new Finding(CheckState.Warning, $"{Names(unpulled)}: never pulled", "`pm pull`")
            : ending.Count > 0 ? new Finding(CheckState.Warning, $"the metadata of {Names(ending)} expires within two days", "`pm pull`")
            : states.Min(s => s.Expires) == DateTimeOffset.MaxValue ? Finding.Good($"{Names(names)}: not signed, so never out of date")
            : Finding.Good($"{Names(names)}: up to date until {states.Min(s => s.Expires):yyyy-MM-dd}");
    }

    /// <summary>Roots that garbage collection cannot look into keep all they were known to need.</summary>
    public static Finding RegisteredRoots(PmContext context)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        var path = StoreOf(context, root);
        using var store = Directory.Exists(path) ? Store.TryOpen(path) : null;
        var roots = store is null ? [] : new StoreRoots(store).All();
        var lost = roots.Where(r => !IsReachable(r.Path)).Select(r => r.Path).ToList();
        return lost.Count == 0
            ? Finding.Good(roots.Length switch { 0 => "none uses the store", 1 => "1 uses the store", var count => $"{count} use the store" })
            : new Finding(
                CheckState.Warning, $"{lost.Count} of {roots.Length} cannot be read: {Names(lost)}; what they needed stays in the store",
                $"mount its disk, or when it is gone for good `pm gc --forget {lost[0]}`");
    }

    static bool IsReachable(string path)
    {
        try
        {
            using var root = Root.TryOpen(path);
            return root is not null;
        }
        catch (Exception e) when (e is SystemCallException or StoreException)
        {
            return false;
        }
    }

    static string StoreOf(PmContext context, Root? root) => root?.Settings.StorePath ?? context.Settings.Store;

    static string Names(List<string> names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
}
