using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Several publishers' requests on their way into one new state.</summary>
sealed class PublishRound(RepositoryWriter writer, RepositoryState state, DateTimeOffset now, CancellationToken cancellation) : IDisposable
{
    readonly EarlierVersions _earlier = new(writer, state);
    readonly Dictionary<PackageId, PublishedTarget> _fresh = [];
    readonly Dictionary<string, PackageId> _fileNames = new(StringComparer.Ordinal);
    readonly List<(PackageIntake Intake, List<IncomingPackage> Fresh)> _taken = [];

    /// <summary>Checks all packages of a request and stages those that are new.</summary>
    public PublishAnswer Take(PublishRequest request)
    {
        var intake = new PackageIntake(writer, request.Options, now, _earlier, cancellation);
        var fresh = new List<IncomingPackage>();
        var items = new List<PublishedItem>();
        try
        {
            foreach (var file in request.Files)
            {
                items.Add(Take(file, request, intake, fresh));
            }

            _taken.Add((intake, fresh));
            return new PublishAnswer(items);
        }
        catch (Exception refusal) when (refusal is RepositoryException or TrustException or PackageFormatException or CodecException
            or SystemCallException { IsNoSpace: true })
        {
            // As if nobody had asked: what comes after may bring the same version, and have the space.
            fresh.ForEach(Forget);
            intake.Discard();
            return new PublishAnswer(refusal, items.Count);
        }
    }

    public void Dispose() => _earlier.Dispose();

    /// <summary>Refuses what could not be signed, before anything is written down of it.</summary>
    /// <exception cref="RepositoryException">PM5006: a key that this needs lies elsewhere.</exception>
    public void RequireSigners(MetadataCommit commit)
    {
        if (_taken.Exists(request => request.Fresh.Count > 0))
        {
            commit.RequireSigners(state);
        }
    }

    /// <summary>Makes the new state; where nothing is new the old one stays.</summary>
    public void Publish(MetadataCommit commit)
    {
        if (_taken.TrueForAll(request => request.Fresh.Count == 0))
        {
            commit.WriteCopies();
            return;
        }

        Place();
        commit.Publish(state, _taken.SelectMany(request => request.Fresh)
            .ToDictionary(incoming => incoming.Target.TargetPath, incoming => (TargetFile?)incoming.File));
    }

    PublishedItem Take(PublishFile file, PublishRequest request, PackageIntake intake, List<IncomingPackage> fresh)
    {
        cancellation.ThrowIfCancellationRequested();
        if (file.Before is { } before)
        {
            return TakeAgain(before.Id ?? throw file.NotUploaded(), before.Digest, file, request);
        }

        var incoming = intake.Take(file, request.Authorise);
        var package = incoming.Target.Package;
        var isNew = RequireCompatible(incoming.Target, file.Name);
        if (isNew)
        {
            fresh.Add(incoming);
            _fresh.Add(package.Id, incoming.Target);
            _fileNames.Add(incoming.Target.PkgName, package.Id);
        }

        return new PublishedItem(file.Path, package.Id, package.Hash, incoming.Signer?.ToString(), isNew)
        {
            IsSameFile = isNew || Find(package.Id)!.PkgDigest == incoming.Target.PkgDigest,
        };
    }

    /// <summary>The answer to somebody whose bytes are published and who does not know it yet.</summary>
    PublishedItem TakeAgain(PackageId id, Sha256Digest digest, PublishFile file, PublishRequest request)
    {
        if (Find(id) is not { } there || there.PkgDigest != digest)
        {
            throw file.NotUploaded();
        }

        request.Authorise?.Invoke(id);
        return new PublishedItem(file.Path, id, there.Package.Hash, there.Package.Signer, IsNew: false);
    }

    /// <summary>A version that was published once never becomes another one.</summary>
    /// <returns>Whether it is new.</returns>
    bool RequireCompatible(PublishedTarget target, string name)
    {
        var id = target.Package.Id;
        if (Find(id) is { } there)
        {
            var isSame = target.Package.Hash is { } hash ? there.Package.Hash == hash : there.PkgDigest == target.PkgDigest;
            return isSame ? false : throw new RepositoryException("PM5003",
                $"{name}: {id} is published already with another content: there {Identity(there)}, here {Identity(target)}",
                "publish it under a new version");
        }

        return Namesake(target) is not { } other ? true : throw new RepositoryException("PM5007",
            $"{name}: {id} and {other} would both be the file {target.PkgName}");
    }

    PublishedTarget? Find(PackageId id) => _fresh.GetValueOrDefault(id) ?? state.Find(id);

    /// <summary>Another package whose <c>.pkg</c> has the same name: one of those whose name and version are divided elsewhere.</summary>
    PackageId? Namesake(PublishedTarget target)
    {
        if (_fileNames.TryGetValue(target.PkgName, out var fresh))
        {
            return fresh;
        }

        var stem = target.Package.Id.FileText;
        return Enumerable.Range(0, stem.Length).Where(at => stem[at] == '-')
            .Select(at => PackageName.TryFromFileText(stem[..at], out var name) && PackageVersion.TryParse(stem[(at + 1)..], out var version)
                ? new PackageId(name, version) : null)
            .FirstOrDefault(id => id is not null && id.FileText == stem && state.Find(id) is not null);
    }

    void Forget(IncomingPackage incoming)
    {
        _fresh.Remove(incoming.Target.Package.Id);
        _fileNames.Remove(incoming.Target.PkgName);
    }

    static string Identity(PublishedTarget target) =>
        target.Package.Hash is { } hash ? hash.ToString() : $"sha256 {target.PkgDigest}";

    /// <summary>Everything the new metadata will name, durable before it is named.</summary>
    void Place()
    {
        writer.SyncContents();
        foreach (var (intake, fresh) in _taken)
        {
            intake.Blobs.Place();
            foreach (var incoming in fresh)
            {
                writer.Place(incoming.StagedTarget, RepositoryLayout.TargetFile(incoming.Target.TargetPath, incoming.File));
                writer.PlaceOver(incoming.StagedPkg, incoming.Target.PkgName);
                foreach (var (staged, path) in incoming.Small)
                {
                    writer.PlaceOver(staged, path);
                }
            }
        }

        writer.SyncNames();
    }
}
