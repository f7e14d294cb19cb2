using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Repositories;

/// <summary>
/// The index of a repository, <c>index</c> beside <c>repository/</c>: made of the metadata at each change, from the one before
/// and the bins that changed. <c>available.json</c> is written from it. It is not served, and can be made again.
/// </summary>
static class OwnIndex
{
    /// <summary>Up to here available.json has no compressed sibling. Source: docs/formats/http.md.</summary>
    const int SmallestCompressed = 4096;

    const int Level = 3;

    /// <summary>How many targets there are; null where the index does not know.</summary>
    public static int? CountOf(RepositoryWriter writer, RepositoryState state)
    {
        using var old = MappedOwnIndex.TryOpen(writer.Home, RepositoryLayout.Index);
        return old is not null && new IndexSources(state).IsCurrent(old.Index.MadeFrom) ? old.Index.VersionCount : null;
    }

    /// <summary>Whether the index says what the metadata says.</summary>
    public static bool IsCurrent(DirectoryHandle home, RepositoryState state)
    {
        using var index = MappedOwnIndex.TryOpen(home, RepositoryLayout.Index);
        return index is not null && new IndexSources(state).IsCurrent(index.Index.MadeFrom);
    }

    /// <summary>Brings available.json and then the index to what the metadata says, so that where the index is up to date both are.</summary>
    public static void Update(RepositoryWriter writer, RepositoryState state)
    {
        using var old = MappedOwnIndex.TryOpen(writer.Home, RepositoryLayout.Index);
        if (old is not null && new IndexSources(state).IsCurrent(old.Index.MadeFrom) && IsGood(writer, state, old.Index))
        {
            return;
        }

        var staged = Stage(writer, state, old?.Index);
        using var index = MappedOwnIndex.TryOpen(writer.Staged, staged)!;
        WriteAvailable(writer, index.Index);
        writer.Staged.Rename(staged, writer.Home, RepositoryLayout.Index);
        writer.Home.Sync();
    }

    static string Stage(RepositoryWriter writer, RepositoryState state, RepositoryIndex? old)
    {
        try
        {
            var sources = new IndexSources(state);
            var builder = sources.Read(old?.MadeFrom);
            return writer.Stage(stream => builder.Write(stream, sources.Head, old, sources.StillGood));
        }
        catch (PackageFormatException exception) when (exception.Code == "PM2018" && old is not null)
        {
            // Damaged where nobody looked before: it is made of all metadata.
            return Stage(writer, state, null);
        }
    }

    /// <summary>Whether the index is whole, as far as that is looked at, and available.json was written from it.</summary>
    static bool IsGood(RepositoryWriter writer, RepositoryState state, RepositoryIndex index)
    {
        try
        {
            return IsWritten(writer, state, index);
        }
        catch (PackageFormatException exception) when (exception.Code == "PM2018")
        {
            return false;
        }
    }

    /// <summary>A small list is held against what it should be, in case somebody wrote into it; a large one is believed.</summary>
    static bool IsWritten(RepositoryWriter writer, RepositoryState state, RepositoryIndex index)
    {
        if (state.Bins is not null)
        {
            return writer.Served.Status(RepositoryLayout.Available) is not null;
        }

        using var expected = new MemoryStream();
        AvailableDocument.Write(expected, index);
        return writer.Served.TryReadFile(RepositoryLayout.Available, AvailableDocument.MaximumSize)?.AsSpan()
            .SequenceEqual(expected.GetBuffer().AsSpan(0, (int)expected.Length)) == true;
    }

    static void WriteAvailable(RepositoryWriter writer, RepositoryIndex index)
    {
        const string sibling = RepositoryLayout.Available + RepositoryLayout.SiblingSuffix;
        var length = 0L;
        var compressed = "";
        var plain = writer.Stage(file => compressed = writer.Stage(target =>
        {
            using var zstd = Compressor.Open(target, Compression.Zstandard, Level, leaveOpen: true);
            using var both = new TeeStream(file, zstd);
            AvailableDocument.Write(both, index);
            length = both.Length;

            // Before the sibling's last byte: a server takes an older one for somebody's oversight.
            file.Flush();
        }));
        writer.SyncContents();
        if (length > SmallestCompressed)
        {
            writer.Replace(compressed, sibling);
        }
        else
        {
            writer.Staged.Unlink(compressed);
            if (writer.Served.Status(sibling) is not null)
            {
                writer.Served.Unlink(sibling);
            }
        }

        writer.Replace(plain, RepositoryLayout.Available);
        writer.SyncNames();
    }
}
