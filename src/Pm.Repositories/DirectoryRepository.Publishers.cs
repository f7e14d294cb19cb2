using System.Text;
using Pm.Linux;
using Pm.Repositories.Auditing;
using Pm.Storage;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Repositories;

/// <content>Whose packages the repository takes, whoever brings them.</content>
public sealed partial class DirectoryRepository
{
    /// <summary>Whether packages are taken that nobody signed.</summary>
    public bool AllowsUnsigned
    {
        get
        {
            using var directory = DirectoryHandle.Open(Path);
            return ReadSettings(directory, Path).AllowsUnsigned;
        }
    }

    /// <summary>The keys in <c>DIR/keyring</c>; those that are trusted there are the publishers'.</summary>
    /// <exception cref="StoreException">PM4002: a record is damaged.</exception>
    public Keyring Publishers()
    {
        using var directory = DirectoryHandle.Open(Path);
        return Keyring.OpenBeneath(directory);
    }

    /// <summary>Changes the publishers' ring.</summary>
    /// <param name="plan">Plans on the ring as it is while it is locked.</param>
    /// <param name="access">Who changes it.</param>
    /// <returns>What was done.</returns>
    public IReadOnlyList<KeyringChange> ChangePublishers(Func<Keyring, IReadOnlyList<KeyringChange>> plan, RepositoryAccess access)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var writer = OpenWriter(access);
        using var directory = DirectoryHandle.Open(Path);
        using var log = LocalLog.Open(this, access);
        var changes = plan(Keyring.OpenBeneath(directory));
        return log.Around(changes.Where(change => !change.IsNothing).Select(Audited), Apply, _ => true);

        IReadOnlyList<KeyringChange> Apply()
        {
            KeyringWriter.Apply(directory, changes);
            return changes;
        }
    }

    static AuditedChange Audited(KeyringChange change) => new(
        change.Record.State is TrustState.Trusted ? AuditedChange.Trusting : AuditedChange.Distrusting, change.Fingerprint.ToString(), change.Record.UserId);

    /// <summary>Whether packages are to be taken that nobody signed.</summary>
    /// <returns>False: it was so already.</returns>
    public bool AllowUnsigned(bool allows, RepositoryAccess access)
    {
        using var writer = OpenWriter(access);
        using var directory = DirectoryHandle.Open(Path);
        using var log = LocalLog.Open(this, access);
        var settings = ReadSettings(directory, Path);
        if (settings.AllowsUnsigned == allows)
        {
            return false;
        }

        return log.Around([new(allows ? AuditedChange.Trusting : AuditedChange.Distrusting, AuditedChange.NotSigned)], Apply, _ => true);

        bool Apply()
        {
            DurableFile.ClearLeft(directory);
            DurableFile.Replace(directory, RepositorySettings.FileName, (settings with { AllowsUnsigned = allows }).ToBytes());
            return true;
        }
    }

    /// <summary>How packages are taken from the network: signed by a publisher of this repository, as it is now.</summary>
    /// <exception cref="StoreException">PM4002: a record of the ring is damaged.</exception>
    public PublishOptions OptionsOf(OpenPgpProgram program, CancellationToken cancellation = default)
    {
        using var directory = DirectoryHandle.Open(Path);
        var ring = Keyring.OpenBeneath(directory);
        return new PublishOptions
        {
            Judge = (manifest, signature) => Judged(
                PublisherSignature.Decide(ring, program, new SignatureFiles(manifest, signature), cancellation)),
            AllowsUnsigned = ReadSettings(directory, Path).AllowsUnsigned,
            PublicKey = signer => Encoding.ASCII.GetBytes(ring.Export(signer)),
        };
    }

    /// <summary>The hints of the ring of a root would mislead: whom this repository believes, only its keeper can change.</summary>
    static SignerDecision Judged(SignerDecision decision) => decision is SignerDecision.Refused { Code: "PM3004" or "PM3005" } refused
        ? refused with { Hint = "ask the keeper of the repository to trust the key: pm repo trust FILE" }
        : decision;

    static RepositorySettings ReadSettings(DirectoryHandle directory, string path) =>
        directory.TryReadFile(RepositorySettings.FileName, RepositorySettings.MaximumLength) is { } bytes
            ? RepositorySettings.Parse(bytes, System.IO.Path.Join(path, RepositorySettings.FileName))
            : new RepositorySettings();
}
