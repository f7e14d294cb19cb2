using Pm.Linux;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// Keys that sign at every change, those of snapshot, timestamp and bins, and are not in <c>keys/</c>. One command replaces all of them: to
/// replace some needs the others.
/// </summary>
static class LostKeys
{
    /// <summary>Whether the keys of a role must be here, because they sign at every change.</summary>
    public static bool MustBeHere(string role) => role is "snapshot" or "timestamp" or HashBins.Role;

    /// <summary>The roles of which too few keys are here.</summary>
    public static IReadOnlyList<string> Of(RepositoryState state, RoleKeyFiles files) =>
        [.. RoleKey.Roles.Where(role => MustBeHere(role) && KeysOf(state, role) is { } keys && !files.IsHere(role, keys))];

    /// <summary>What is to be done, also while a change waits for signatures.</summary>
    /// <param name="home">Of the repository; absolute.</param>
    /// <param name="state">What is published.</param>
    /// <param name="files">The keys that are here.</param>
    public static string Remedy(DirectoryHandle home, RepositoryState state, RoleKeyFiles files)
    {
        var command = Command(home.Path, state, files);
        if (!PendingChange.IsThere(home))
        {
            return command;
        }

        return IsReplaced(home, state, files)
            ? $"the change that waits for signatures replaces what is lost, pm repo sign {home.Path}/{RepositoryLayout.Pending} shows it"
            : $"pm repo sign --drop --repo {home.Path} gives up the change that waits, and then {command}";
    }

    /// <summary>The command that gives them other keys.</summary>
    /// <param name="path">Of the repository.</param>
    /// <param name="state">What is published.</param>
    /// <param name="files">The keys that are here.</param>
    /// <param name="also">Roles that get other keys all the same.</param>
    public static string Command(string path, RepositoryState state, RoleKeyFiles files, params IEnumerable<string> also) =>
        Command(path, Of(state, files).Concat(also).ToHashSet());

    /// <summary>As the other, for who has the files of the keys at hand and nothing more.</summary>
    public static string Command(string path, RoleKeyFiles files, params IEnumerable<string> also)
    {
        try
        {
            using var served = DirectoryHandle.TryOpen(Path.Join(path, RepositoryLayout.Served));
            return served is null ? Command(path, also.ToHashSet()) : Command(path, RepositoryState.Load(served), files, also);
        }
        catch (RepositoryException)
        {
            return Command(path, also.ToHashSet());
        }
    }

    static string Command(string path, HashSet<string> roles) =>
        $"pm repo key {string.Join(' ', RoleKey.Roles.Where(roles.Contains).Select(role => $"--rotate {role}"))} {path}";

    /// <summary>Whether the next keys of all of them are here already.</summary>
    static bool IsReplaced(DirectoryHandle home, RepositoryState state, RoleKeyFiles files)
    {
        try
        {
            return PendingChange.Read(home) is { } change && Of(state, files).All(role =>
                (role == HashBins.Role ? HashBins.KeysOf(change.NextTargets?.Delegations) : change.NextRoot.Roles[role]) is { } keys && files.IsHere(role, keys));
        }
        catch (RepositoryException)
        {
            return false;
        }
    }

    static RoleKeys? KeysOf(RepositoryState state, string role) => role == HashBins.Role ? state.BinKeys : state.Root.Roles[role];
}
