using System.Diagnostics.CodeAnalysis;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Storage.Packing;
using Pm.Storage.Unpacking;

namespace Pm.Stages.Building;

/// <summary>
/// What was built, a directory for each input hash: the <c>.pkg</c>, its <c>meta.far</c>, the log. It appears by one rename after all of it
/// is on disk, so that what is there is whole.
/// </summary>
sealed class BuildCache(BuildOptions options)
{
    const string MetaFarName = "meta.far";
    const string LogName = "log";
    const string RootName = "root";
    const string FailedName = "failed";
    const int DirectoryMode = 0b111_000_000;
    const int FileMode = 0b110_000_000;

    /// <summary>What was built of these inputs; null: nothing was, or it is damaged and has to be built again.</summary>
    /// <param name="inputHash">The hash.</param>
    /// <param name="id">What it must be.</param>
    /// <param name="isUse">It stays longer for having been asked for.</param>
    public BuiltPackage? TryFind(string inputHash, PackageId id, bool isUse = true)
    {
        using var cache = DirectoryHandle.TryOpen(options.Cache);
        using var entry = cache?.TryOpenBeneath(inputHash);
        if (entry?.TryReadFile(MetaFarName, Package.MaximumSize) is not { } metaFar || !TryOpen(metaFar, entry, id, out var package))
        {
            return null;
        }

        if (isUse)
        {
            Touch(cache!, inputHash);
            // A build that was killed when it had just ended is found; what it left goes here.
            DurableFile.ClearLeft(cache!, isAlone: false);
        }

        return new BuiltPackage(package, Path.Join(entry.Path, id.FileText + ".pkg"), IsCached: true, inputHash, Log: null);
    }

    /// <summary>The files of a package as they would be installed, beside it in the cache.</summary>
    /// <param name="built">From the cache.</param>
    /// <param name="isDry">Where they would be is enough.</param>
    public static string RootOf(BuiltPackage built, bool isDry)
    {
        var entry = Path.GetDirectoryName(built.File)!;
        var path = Path.Join(entry, RootName);
        if (isDry || Directory.Exists(path))
        {
            return path;
        }

        using var archive = PkgArchive.Open(File.OpenRead(built.File), built.File);
        using var blobs = new ScratchBlobs(entry);
        var package = archive.Expand(blobs);
        using var destination = UnpackDestination.Open(path);
        using var unpacker = new SafeUnpacker(
            destination.Directory, destination.IsFresh, UnpackOptions.Default with { MaximumEntries = int.MaxValue }, built.File, () => long.MaxValue);
        PackageExpansion.WriteFiles(package, blobs.Open, unpacker, folder: "");
        _ = unpacker.Finish();
        destination.Commit();
        return path;
    }

    /// <summary>A directory for what is being built, in which <see cref="Keep"/> and <see cref="KeepFailed"/> expect the log.</summary>
    public string Stage()
    {
        using var cache = DirectoryHandle.OpenOrMake(options.Cache, DirectoryMode);
        DurableFile.ClearLeft(cache, isAlone: false);
        var name = DurableFile.TemporaryName();
        cache.MakeDirectory(name, DirectoryMode);
        return Path.Join(options.Cache, name);
    }

    /// <summary>Where the log of a stage is written.</summary>
    public static Microsoft.Win32.SafeHandles.SafeFileHandle CreateLog(string stage)
    {
        using var directory = DirectoryHandle.Open(stage);
        return directory.CreateFile(LogName, FileMode);
    }

    /// <summary>Takes over a stage, in which there is the <c>.pkg</c> by its name.</summary>
    /// <param name="stage">From <see cref="Stage"/>.</param>
    /// <param name="inputHash">The hash.</param>
    /// <param name="package">What is in it.</param>
    /// <param name="hasLog">Whether something was run.</param>
    public BuiltPackage Keep(string stage, string inputHash, Package package, bool hasLog)
    {
        using var cache = DirectoryHandle.Open(options.Cache);
        using (var directory = DirectoryHandle.Open(stage))
        {
            DurableFile.Replace(directory, MetaFarName, package.MetaFar.Span, FileMode);
            if (hasLog)
            {
                using var log = directory.OpenRead(LogName);
                FileWriting.Sync(log);
            }

            Touch(cache, Path.GetFileName(stage));
            directory.Sync();
        }

        var name = Path.GetFileName(stage);
        if (cache.Status(inputHash) is null)
        {
            cache.Rename(name, cache, inputHash);
        }
        else
        {
            cache.Rename(name, cache, inputHash, RenameMode.Exchange);
            cache.RemoveTree(name);
        }

        cache.Sync();
        RemoveOld(cache);
        var entry = Path.Join(options.Cache, inputHash);
        return new BuiltPackage(package, Path.Join(entry, package.Id.FileText + ".pkg"), IsCached: false, inputHash, hasLog ? Path.Join(entry, LogName) : null);
    }

    /// <summary>Keeps the log of a build that failed, one for each name and version, and drops the rest of the stage.</summary>
    public string KeepFailed(string stage, PackageId id)
    {
        var name = id.FileText + ".log";
        using var cache = DirectoryHandle.Open(options.Cache);
        using var failed = cache.OpenOrMakeBeneath(FailedName, DirectoryMode);
        using (var directory = DirectoryHandle.Open(stage))
        {
            directory.Rename(LogName, failed, name);
        }

        return Path.Join(options.Cache, FailedName, name);
    }

    /// <summary>Removes a stage, if it still has its name.</summary>
    public void Drop(string stage)
    {
        try
        {
            using var cache = DirectoryHandle.Open(options.Cache);
            cache.RemoveTree(Path.GetFileName(stage));
        }
        catch (SystemCallException)
        {
            // The next build clears it; what this one was about is the news.
        }
    }

    static bool TryOpen(ReadOnlyMemory<byte> metaFar, DirectoryHandle entry, PackageId id, [NotNullWhen(true)] out Package? package)
    {
        package = null;
        try
        {
            var found = Package.Open(metaFar);
            var name = id.FileText + ".pkg";
            using var file = entry.TryOpenRead(name);
            if (file is null || found.Id != id)
            {
                return false;
            }

            using var archive = PkgArchive.Open(new FileStream(file, FileAccess.Read, bufferSize: 1), name);
            package = archive.ClaimedHash == found.Hash ? found : null;
        }
        catch (Exception e) when (e is PackageFormatException or CodecException or SystemCallException)
        {
            // It was written whole, so the disk has lost it.
        }

        return package is not null;
    }

    /// <summary>Its time says when it was last of use; where that cannot be written it is built again some day.</summary>
    void Touch(DirectoryHandle cache, string entry)
    {
        try
        {
            cache.SetTimes(entry, options.Now);
        }
        catch (SystemCallException)
        {
        }
    }

    void RemoveOld(DirectoryHandle cache)
    {
        var limit = options.Now - PackageBuild.KeptFor;
        foreach (var entry in cache.Entries().Where(e => e.Kind is FileKind.Directory && Sha256Digest.TryParse(e.Name, null, out _)).ToList())
        {
            try
            {
                if (cache.Status(entry.Name) is { } status && status.Modified < limit)
                {
                    // Another name first: what is half removed must not be found.
                    var away = DurableFile.TemporaryName();
                    cache.Rename(entry.Name, cache, away);
                    cache.RemoveTree(away);
                }
            }
            catch (SystemCallException)
            {
                // Another build may have removed it.
            }
        }
    }
}
