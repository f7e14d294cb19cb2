using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <content>Reading public keys, in a home that is thrown away.</content>
public sealed partial class OpenPgpProgram
{
    /// <summary>In bytes. All keys of Debian's developers have 30 MB; nobody trusts a thousand publishers.</summary>
    public const int MaximumKeyFileSize = 16 * 1024 * 1024;

    const int MaximumKeys = 1000;

    /// <summary>What is in a file of keys, armoured or binary.</summary>
    /// <exception cref="StoreException">PM4030: no gpg; PM4034: it crashed.</exception>
    public IReadOnlyList<KeyListing> ShowKeys(ReadOnlyMemory<byte> file, CancellationToken cancellation = default)
    {
        using var home = MakeDirectory();
        return ShowKeys(home, home.Write("input", file.Span), cancellation);
    }

    /// <summary>The keys of <paramref name="file"/>, each merged with the copy that the ring has of it.</summary>
    /// <param name="name">What the file is called in messages.</param>
    internal IReadOnlyList<PublicKey> Merge(Keyring ring, ReadOnlyMemory<byte> file, string name, CancellationToken cancellation)
    {
        if (file.Length is 0 or > MaximumKeyFileSize)
        {
            throw NoKeys(name, $"expected 1 to {MaximumKeyFileSize} bytes, got {file.Length}");
        }
        using var home = MakeDirectory();
        var input = home.Write("input", file.Span);
        var shown = ShowKeys(home, input, cancellation);
        if (shown.FirstOrDefault(k => k.IsSecret) is { } secret)
        {
            throw new StoreException(
                "PM4032", $"{name}: holds the secret key {secret.Fingerprint}: it belongs in GnuPG, and only its public key here",
                $"gpg --import FILE && gpg --armor --export {secret.Fingerprint} | pm key import -");
        }
        if (shown.Count > MaximumKeys)
        {
            throw NoKeys(name, $"expected at most {MaximumKeys} keys, got {shown.Count}");
        }
        string[] files = ring.Keys.Count == 0 ? [input] : [home.Write("ring", ring.Concatenate()), input];
        var imported = RunApart(home, ["--import", "--", .. files], cancellation);
        var merged = Wanted(List(home, cancellation), shown, ring);
        var missing = shown.FirstOrDefault(s => merged.All(m => m.Fingerprint != s.Fingerprint));
        return merged.Count == 0 ? throw NoKeys(name, Reason(imported))
            : missing is not null ? throw NoKeys(name, $"gpg does not take the key {missing.Fingerprint}: {Reason(imported)}")
            : [.. merged.Select(k => new PublicKey(k, Export(home, k.Fingerprint, name, cancellation)))];
    }

    /// <summary>The keys that the file holds, and those that a revocation certificate in it withdraws.</summary>
    static List<KeyListing> Wanted(IReadOnlyList<KeyListing> all, IReadOnlyList<KeyListing> shown, Keyring ring)
    {
        var inFile = shown.Select(k => k.Fingerprint).ToHashSet();
        return [.. all.Where(k => inFile.Contains(k.Fingerprint)
            || (k.IsRevoked && ring.Keys.TryGetValue(k.Fingerprint, out var held) && held.State is not TrustState.Revoked))];
    }

    IReadOnlyList<KeyListing> ShowKeys(PrivateDirectory home, string path, CancellationToken cancellation)
    {
        var result = RunApart(home, ["--with-colons", "--show-keys", "--", path], cancellation);
        // Exit code 2 also means that there is no key in it, which an empty list says better.
        return result.ExitCode is null ? throw Failed("the keys could not be read", result) : KeyListingReader.Read(result.OutputText);
    }

    IReadOnlyList<KeyListing> List(PrivateDirectory home, CancellationToken cancellation)
    {
        var result = RunApart(home, ["--with-colons", "--list-keys"], cancellation);
        return result.IsSuccess ? KeyListingReader.Read(result.OutputText) : throw Failed("the keys could not be read", result);
    }

    byte[] Export(PrivateDirectory home, Fingerprint fingerprint, string name, CancellationToken cancellation)
    {
        var result = RunApart(home, ["--export", "--", fingerprint.ToString()], cancellation);
        return !result.IsSuccess || result.Output.Length == 0 ? throw Failed($"{name}: key {fingerprint}", result)
            : result.Output.Length > Keyring.MaximumKeySize
                ? throw NoKeys(name, $"key {fingerprint}: expected at most {Keyring.MaximumKeySize} bytes, got {result.Output.Length}")
                : result.Output.ToArray();
    }

    static StoreException NoKeys(string name, string why) =>
        new("PM4031", $"{name}: not taken as public keys: {why}", "`gpg --armor --export FINGERPRINT` writes a public key");
}
