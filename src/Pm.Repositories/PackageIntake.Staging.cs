using Pm.Blobs;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages.Pkg;
using Pm.Trust.OpenPgp;

namespace Pm.Repositories;

/// <content>What stands in <c>staged/</c> meanwhile.</content>
sealed partial class PackageIntake
{
    const int BufferSize = 128 * 1024;

    readonly List<string> _staged = [];

    /// <summary>Removes all that was staged: the packages are refused, and what comes after them needs the space.</summary>
    public void Discard()
    {
        Blobs.Discard();
        foreach (var name in _staged)
        {
            if (writer.Staged.Status(name) is not null)
            {
                writer.Staged.Unlink(name);
            }
        }
    }

    string Stage(PublishFile source)
    {
        var staged = Noted(DurableFile.TemporaryName());
        if (source.IsSettled)
        {
            LinkUpload(source, staged);
            return staged;
        }

        if (FileStatus.Of(source.Path) is not { IsRegular: true })
        {
            throw new RepositoryException("PM5009", $"{source.Name}: expected a .pkg file, there is none");
        }

        using var file = File.OpenHandle(source.Path);
        using var target = writer.Staged.CreateFile(staged, RepositoryLayout.ServedFileMode);
        FileWriting.CopyInto(file, target, Path.Join(writer.Staged.Path, staged));
        return staged;
    }

    /// <summary>It may be swept away at this very moment: its time was over.</summary>
    void LinkUpload(PublishFile source, string staged)
    {
        try
        {
            writer.Staged.LinkPath(source.Path, staged);
        }
        catch (SystemCallException gone) when (gone.Errno == Errno.ENOENT)
        {
            throw source.NotUploaded();
        }
    }

    static (Sha256Digest Digest, long Length) DigestOf(Stream stream)
    {
        stream.Position = 0;
        using var context = new DigestContext(DigestAlgorithm.Sha256);
        var buffer = new byte[BufferSize];
        long length = 0;
        for (int read; (read = stream.Read(buffer)) > 0; length += read)
        {
            context.Append(buffer.AsSpan(0, read));
        }

        Span<byte> digest = stackalloc byte[Sha256Digest.Size];
        context.Finish(digest);
        return (new Sha256Digest(digest), length);
    }

    /// <summary>Staged at once and not kept in memory: there may be thousands of packages.</summary>
    List<(string Staged, string Path)> StageSmall(PkgArchive archive, MerkleRoot? hash, Fingerprint? signer) =>
        [.. SmallFiles(archive, hash, signer).Select(file => (Noted(writer.Stage(file.Content.Span)), file.Path))];

    IEnumerable<(ReadOnlyMemory<byte> Content, string Path)> SmallFiles(PkgArchive archive, MerkleRoot? hash, Fingerprint? signer)
    {
        if (signer is not { } fingerprint)
        {
            yield break;
        }

        if (hash is { } root && archive.SignedBy is { } signature)
        {
            var directory = RepositoryLayout.SignatureDirectory(root);
            yield return (archive.SignedManifest, $"{directory}/{RepositoryLayout.Manifest}");
            yield return (signature, $"{directory}/{RepositoryLayout.ManifestSignature}");
        }

        if (options.PublicKey?.Invoke(fingerprint) is { } key)
        {
            yield return (key, $"{RepositoryLayout.Publishers}/{fingerprint}.asc");
        }
    }

    string Noted(string stagedName)
    {
        _staged.Add(stagedName);
        return stagedName;
    }
}
