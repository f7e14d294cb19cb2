using Pm.Repositories;
using Pm.Repositories.Tests;
using Pm.Storage.Keys;
using Pm.Storage.Tests.Keys;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>With real signatures: whose packages are taken.</summary>
public sealed class SignatureTests : IDisposable
{
    readonly GnuPgHome _home = new();
    readonly Fingerprint _ann;
    readonly byte[] _annsKey;
    readonly Fingerprint _ben;

    public SignatureTests()
    {
        (_ann, _annsKey) = _home.KeyOf("Ann <ann@example.org>");
        (_ben, _) = _home.KeyOf("Ben <ben@example.org>");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Only_what_a_trusted_publisher_signed_is_taken()
    {
        await using var server = await PublishingServer.StartAsync();
        var access = new RepositoryAccess("test", TimeProvider.System);
        server.Repository.AllowUnsigned(false, access);
        var token = server.Token("publish:*");

        Assert.Equal("422 PM3001", (await SendAsync(new SamplePackage("foo@1.0", "one").ToPkg(isSigned: false))).Refusal);
        var stranger = await SendAsync(Signed("foo@1.0", _ann));
        Assert.Equal("422 PM3004", stranger.Refusal);
        Assert.Contains(_ann.ToString(), stranger.Message);
        Assert.Contains("pm repo trust", stranger.Data.GetProperty("hint").GetString());

        Trust(server.Repository, access);
        Assert.Equal("422 PM3004", (await SendAsync(Signed("foo@1.0", _ben))).Refusal);
        Assert.Equal("422 PM3003", (await SendAsync(Swapped())).Refusal);
        Assert.Empty(server.Listed());
        Assert.Empty(server.Staged());

        Assert.Equal(_ann.ToString(), (await SendAsync(Signed("foo@1.0", _ann))).Data.GetProperty("packages")[0].GetProperty("signer").GetString());
        Assert.Contains("BEGIN PGP PUBLIC KEY", await server.Server.TextAsync($"/main/publishers/{_ann}.asc"));

        // At the next package it is over.
        server.Repository.ChangePublishers(ring => [ring.PlanDistrust(_ann, DateTimeOffset.UtcNow)], access);
        Assert.Equal("422 PM3005", (await SendAsync(Signed("foo@2.0", _ann))).Refusal);

        async Task<PublishingServer.Answer> SendAsync(byte[] pkg)
        {
            await server.UploadAsync(token, pkg);
            return await server.AskAsync(token, pkg);
        }
    }

    void Trust(DirectoryRepository repository, RepositoryAccess access) => repository.ChangePublishers(
        ring => ring.PlanImport(_home.Program, _annsKey, new ImportOptions(IsTrusted: true, "test", DateTimeOffset.UtcNow)), access);

    byte[] Signed(string id, Fingerprint key) => new SamplePackage(id, "one").ToPkg(manifest => _home.Gpg(
        manifest, "--local-user", key.ToString(), "--output", "-", "--armor", "--detach-sign"));

    /// <summary>Ann's signature, of another package.</summary>
    byte[] Swapped()
    {
        byte[] other = [];
        new SamplePackage("bar@1.0", "one").ToPkg(manifest => other = _home.Gpg(
            manifest, "--local-user", _ann.ToString(), "--output", "-", "--armor", "--detach-sign"));
        return new SamplePackage("foo@1.0", "one").ToPkg(_ => other);
    }
}
