using System.Text;
using Pm.Blobs;
using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <content>What must hold before a file of the package is read, and that nothing stands behind them.</content>
public sealed partial class PkgArchive
{
    const int RootBuffer = 128 * 1024;

    /// <summary>
    /// Compares the stored bytes of root.tar with the manifest, before any of them is expanded: a few kilobytes that nobody
    /// signed may become more than the disk holds.
    /// </summary>
    /// <exception cref="PackageFormatException">PM2302: they are not the ones the manifest states.</exception>
    /// <exception cref="InvalidOperationException">The archive is read forward only.</exception>
    public void CheckRoot()
    {
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        using var hashed = new HashingStream(OpenMember(_members.Root), digest);
        hashed.CopyTo(Stream.Null, RootBuffer);
        CheckDigest(hashed, $"{Name}: {_members.Root.Name}", null);
    }

    /// <summary>What arrives ends with root.tar: a member behind it would be one that nobody looked at.</summary>
    void CheckLast()
    {
        if (_forward?.Next() is { } entry)
        {
            throw PkgFault.Structure($"{Name}: {PathText.Show(entry.Path)}", $"the member stands behind {_members.Root.Name}");
        }
    }

    /// <summary>Whether nothing but root.tar is missing.</summary>
    static bool IsWhole(PkgMembers members, string name) =>
        members.Root.Name is not null && members.Contents.ContainsKey(PkgNames.Bom) && members.Contents.ContainsKey(PkgNames.Description)
        && members.Contents.TryGetValue(PkgNames.Manifest, out var manifest)
        && ChecksumList.Parse(manifest, $"{name}: {PkgNames.Manifest}").Entries.All(e => members.Contains(e.Name));

    void CheckManifest()
    {
        if (_members.Root.Name is null)
        {
            throw PkgFault.Structure(Name, $"the member `{PkgNames.Root}.*` is missing");
        }

        _ = _members.Required(PkgNames.Description);
        _ = _members.Required(PkgNames.Bom);
        foreach (var member in _members.Files.Where(m => !PkgNames.IsOutsideManifest(m.Name)))
        {
            if (!Manifest.TryFind(member.Name, out var expected))
            {
                throw PkgFault.Structure($"{Name}: {PathText.Show(member.Name)}", "the manifest does not list the member");
            }

            if (_members.Contents.TryGetValue(member.Name, out var content)
                && Sha256Digest.Of(content) is var actual && actual != expected)
            {
                throw PkgFault.Digest($"{Name}: {PathText.Show(member.Name)}", expected, actual);
            }
        }

        foreach (var (name, _) in Manifest.Entries)
        {
            if (PkgNames.IsOutsideManifest(name) || !_members.Contains(name))
            {
                throw PkgFault.Structure(
                    $"{Name}: {PathText.Show(name)}",
                    PkgNames.IsOutsideManifest(name) ? "the manifest cannot list itself or its signature"
                        : "the manifest lists a member that is not there");
            }
        }
    }

    PackageId ReadId()
    {
        var description = PackageDescription.Parse(MetaYaml.Span, $"{Name}: {PkgNames.Description}");
        CheckDescription(description);
        var described = new PackageId(description.Name, description.Version);
        if (Optional(Package.IdentityName) is not { } identity)
        {
            return described;
        }

        var id = PackageIdentity.Parse(identity.Span, $"{Name}: {Package.IdentityName}");
        return id == described
            ? id
            : throw PkgFault.Structure($"{Name}: {PkgNames.Description}", $"it describes {described}, but meta/package says {id}");
    }

    /// <summary>
    /// What a package says of itself is what its hash commits to. Where that is a member, the top <c>meta.yaml</c> is only a
    /// copy, and of a package that was rebuilt no signature covers it: whoever handed it on could add dependencies there.
    /// </summary>
    void CheckDescription(PackageDescription description)
    {
        var where = $"{Name}: {PkgNames.Description}";
        if (Optional(Package.DescriptionName) is { } own)
        {
            if (!own.Span.SequenceEqual(MetaYaml.Span))
            {
                throw PkgFault.Structure(where, $"it differs from {Package.DescriptionName}, which is what the package hash covers");
            }
        }
        else if (Optional(Package.IdentityName) is not null && (description.Dependencies, description.Requires) is not ([], { Count: 0 }))
        {
            throw PkgFault.Structure(where, $"it names dependencies, but with {Package.IdentityName} and without {Package.DescriptionName} it is no part of the package");
        }
    }

    MerkleRoot? ReadHash()
    {
        if (Optional(PkgNames.Hash) is not { } bytes)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes.Span.TrimEnd((byte)'\n'));
        return MerkleRoot.TryParse(text, null, out var hash)
            ? hash
            : throw PkgFault.Structure($"{Name}: {PkgNames.Hash}", "expected 64 lower-case hexadecimal digits");
    }

    // The publisher's manifest speaks of another root.tar, but of the same package: that is what makes it count.
    void CheckOrigin()
    {
        var where = $"{Name}: {PkgNames.Origin}";
        if (!IsRebuilt)
        {
            if (_members.Contents.ContainsKey(PkgNames.OriginSignature))
            {
                throw PkgFault.Structure(Name, $"the member `{PkgNames.Origin}` is missing, though its signature is there");
            }

            return;
        }

        var origin = ChecksumList.Parse(_members.Contents[PkgNames.Origin], where);
        if (ClaimedHash is not { } hash || !PkgManifest.Covers(origin, hash))
        {
            throw PkgFault.Structure(where, $"the publisher's manifest does not state the package hash {ClaimedHash}");
        }
    }
}
