using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Repositories.Serving;

/// <summary>
/// The index of what a repository says: its own file where that is up to date, else made in memory, of that file and what
/// changed since. It is read whole, not mapped: a server must not end because somebody cut a file short.
/// </summary>
static class ServedIndex
{
    /// <summary>In bytes: ten times what a hundred thousand packages take.</summary>
    const int MaximumSize = 512 * 1024 * 1024;

    /// <summary>Of its file; null where there is none.</summary>
    /// <param name="home">The directory with <c>repository/</c> in it.</param>
    public static FileStatus? Status(string home) => FileStatus.OfLink(Path.Join(home, RepositoryLayout.Index));

    /// <param name="home">The directory with <c>repository/</c> in it.</param>
    /// <param name="state">What the metadata says.</param>
    /// <param name="isMade">Whether it is made where its file is not up to date; if not, null says so.</param>
    /// <exception cref="RepositoryException">PM5008: metadata is missing or damaged.</exception>
    public static RepositoryIndex? Read(string home, RepositoryState state, bool isMade)
    {
        var own = TryRead(home);
        if (own is not null && new IndexSources(state).IsCurrent(own.MadeFrom))
        {
            return own;
        }

        try
        {
            return isMade ? Make(state, own) : null;
        }
        catch (PackageFormatException error) when (error.Code == "PM2018" && own is not null)
        {
            return Make(state, null);
        }
    }

    static RepositoryIndex Make(RepositoryState state, RepositoryIndex? old)
    {
        var sources = new IndexSources(state);
        var builder = sources.Read(old?.MadeFrom);
        using var stream = new MemoryStream();
        builder.Write(stream, sources.Head, old, sources.StillGood);
        return RepositoryIndex.Open(stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }

    /// <summary>Null where it is not there, not for this user, or damaged.</summary>
    static RepositoryIndex? TryRead(string home)
    {
        try
        {
            using var directory = DirectoryHandle.Open(home);
            if (directory.TryReadFile(RepositoryLayout.Index, MaximumSize) is not { } bytes)
            {
                return null;
            }

            // Only its head was looked at: a damaged record would fail each request that comes to it, for ever.
            var index = RepositoryIndex.Open(bytes);
            index.RequireWhole();
            return index;
        }
        catch (Exception error) when (error is SystemCallException or PackageFormatException)
        {
            return null;
        }
    }
}
