using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <content>Publishing.</content>
public sealed partial class DirectoryRepository
{
    /// <summary>Publishes packages in one new state: all of them, or where one is refused none.</summary>
    /// <param name="files">Paths of <c>.pkg</c> files; absolute.</param>
    /// <param name="options">Whose packages are taken.</param>
    /// <param name="access">Who publishes.</param>
    /// <exception cref="RepositoryException">PM5003: the version is there with another content; PM5007: two packages with one file name.</exception>
    /// <exception cref="Trust.TrustException">A package is not signed by somebody who is trusted.</exception>
    /// <exception cref="PackageFormatException">A file is not a package, or an altered one.</exception>
    public IReadOnlyList<PublishedItem> Publish(IReadOnlyList<string> files, PublishOptions options, RepositoryAccess access)
    {
        using var writer = RepositoryWriter.Open(Path, access);
        try
        {
            return Publish(writer, files, options, access);
        }
        finally
        {
            // What a refusal left staged. After a failed disk the next writer does it.
            writer.TryRemoveStaged();
        }
    }

    List<PublishedItem> Publish(
        RepositoryWriter writer, IReadOnlyList<string> files, PublishOptions options, RepositoryAccess access)
    {
        var state = RepositoryState.Load(writer.Served);
        var commit = Commit(writer, access);
        var intake = new PackageIntake(writer, options);
        var known = state.Packages.ToDictionary();
        var items = new List<PublishedItem>();
        var fresh = new List<IncomingPackage>();
        foreach (var path in files)
        {
            access.Cancellation.ThrowIfCancellationRequested();
            var incoming = intake.Take(path);
            var isNew = RequireCompatible(known, incoming.Target, path);
            items.Add(new PublishedItem(
                path, incoming.Target.Package.Id, incoming.Target.Package.Hash, incoming.Signer?.ToString(), isNew));
            if (isNew)
            {
                fresh.Add(incoming);
                known.Add(incoming.Target.Package.Id, incoming.Target);
            }
        }

        if (fresh.Count == 0)
        {
            commit.WriteCopies();
            return items;
        }

        Place(writer, intake, fresh, options);
        var targets = new Dictionary<string, TargetFile>(state.Targets.Targets);
        fresh.ForEach(incoming => targets.Add(incoming.Target.TargetPath, incoming.File));
        commit.Publish(state, targets);
        return items;
    }

    /// <summary>A version that was published once never becomes another one.</summary>
    /// <returns>Whether it is new.</returns>
    static bool RequireCompatible(Dictionary<PackageId, PublishedTarget> known, PublishedTarget target, string path)
    {
        var id = target.Package.Id;
        if (known.TryGetValue(id, out var there))
        {
            var isSame = target.Package.Hash is { } hash ? there.Package.Hash == hash : there.PkgDigest == target.PkgDigest;
            return isSame ? false : throw new RepositoryException("PM5003",
                $"{path}: {id} is published already with another content: there {Identity(there)}, here {Identity(target)}",
                $"pm repo yank {id}");
        }

        var collision = known.Values.FirstOrDefault(other => other.PkgName == target.PkgName);
        return collision is null ? true : throw new RepositoryException("PM5007",
            $"{path}: {id} and {collision.Package.Id} would both be the file {target.PkgName}");
    }

    static string Identity(PublishedTarget target) =>
        target.Package.Hash is { } hash ? hash.ToString() : $"sha256 {target.PkgDigest}";

    /// <summary>Everything the new metadata will name, durable before it is named.</summary>
    static void Place(RepositoryWriter writer, PackageIntake intake, List<IncomingPackage> fresh, PublishOptions options)
    {
        var small = fresh.SelectMany(incoming => SmallFiles(incoming, options))
            .Select(file => (Staged: writer.Stage(file.Content.Span), file.Path))
            .ToList();
        writer.SyncContents();
        intake.Blobs.Place();
        foreach (var incoming in fresh)
        {
            writer.Place(incoming.StagedTarget, RepositoryLayout.TargetFile(incoming.Target.TargetPath, incoming.File));
            writer.Place(incoming.StagedPkg, incoming.Target.PkgName);
        }

        small.ForEach(file => writer.Place(file.Staged, file.Path));
        writer.SyncNames();
    }

    static IEnumerable<(ReadOnlyMemory<byte> Content, string Path)> SmallFiles(IncomingPackage incoming, PublishOptions options)
    {
        if (incoming.Signer is not { } signer)
        {
            yield break;
        }

        if (incoming.Target.Package.Hash is { } hash && incoming.Archive.SignedBy is { } signature)
        {
            var directory = RepositoryLayout.SignatureDirectory(hash);
            yield return (incoming.Archive.SignedManifest, $"{directory}/{RepositoryLayout.Manifest}");
            yield return (signature, $"{directory}/{RepositoryLayout.ManifestSignature}");
        }

        if (options.PublicKey?.Invoke(signer) is { } key)
        {
            yield return (key, $"{RepositoryLayout.Publishers}/{signer}.asc");
        }
    }
}
