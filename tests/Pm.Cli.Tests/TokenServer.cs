using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Pm.Simulation.Lying;

namespace Pm.Cli.Tests;

/// <summary>
/// A place of tokens that a real registry believes: they are signed (ES256), and say what their owner may do. Pat may do everything, Eve may only read;
/// who gives no name gets a token for nothing, as Docker Hub does it; an identity token of Pat's is as good as the password. Sources: "Token Authentication Implementation" and "Oauth2 Token Authentication" of the
/// distribution project.
/// </summary>
sealed class TokenServer : IAsyncDisposable
{
    /// <summary>Pat's, which needs to be escaped in a form.</summary>
    public const string Identity = "pat's+kept/token=";

    const string Service = "sample";
    const string Issuer = "pm's tests";

    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly LyingServer _server;

    public TokenServer() => _server = new LyingServer(_ => []) { LieAlways = AnswerAsync };

    /// <summary>How much longer a token holds, in seconds; the registry gives a minute's grace.</summary>
    public int Lifetime { get; set; } = 300;

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<LyingRequest> Requests => [.. _server.Requests];

    /// <summary>The settings of a registry that believes its tokens.</summary>
    public string Settings(string directory)
    {
        var request = new CertificateRequest("CN=tokens", _key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Join(directory, "tokens.pem"), certificate.ExportCertificatePem());
        return $"auth:\n  token:\n    realm: {_server.Url}/token\n    service: {Service}\n    issuer: {Issuer}\n    rootcertbundle: {directory}/tokens.pem\n";
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }

    Task AnswerAsync(LyingAnswer answer)
    {
        if (answer.Request.Method == "POST")
        {
            return AnswerFormAsync(answer);
        }

        var rights = answer.Request.Headers.GetValueOrDefault("authorization") switch
        {
            null => [],
            var given when given == Basic("pat:secret") => ["pull", "push"],
            var given when given == Basic("eve:secret") => (string[])["pull"],
            _ => null,
        };
        if (rights is null)
        {
            return answer.SendHeadAsync("401 Unauthorized", "Content-Length: 0");
        }

        var body = $"{{\"token\":\"{Token(answer.Request.Path, rights)}\"}}";
        return TellAsync(answer, body);
    }

    Task AnswerFormAsync(LyingAnswer answer)
    {
        var form = Encoding.ASCII.GetString(answer.Request.Body).Split('&').Select(f => f.Split('=')).ToDictionary(f => f[0], f => Uri.UnescapeDataString(f[1].Replace('+', ' ')));
        var isRight = answer.Request.Headers.GetValueOrDefault("content-type") == "application/x-www-form-urlencoded" && !answer.Request.Headers.ContainsKey("authorization")
            && form.Keys.Order(StringComparer.Ordinal).SequenceEqual(["client_id", "grant_type", "refresh_token", "scope", "service"])
            && (form["grant_type"], form["service"], form["refresh_token"]) == ("refresh_token", Service, Identity);
        return isRight ? TellAsync(answer, $"{{\"access_token\":\"{Token($"scope={form["scope"]}", ["pull", "push"])}\"}}") : answer.SendHeadAsync("401 Unauthorized", "Content-Length: 0");
    }

    static async Task TellAsync(LyingAnswer answer, string body)
    {
        await answer.SendHeadAsync("200 OK", $"Content-Length: {body.Length}");
        await answer.SendAsync(body);
    }

    /// <summary>For what was asked for, as far as there are rights to it.</summary>
    string Token(string path, string[] rights)
    {
        var scope = path.Split('?', '&').FirstOrDefault(p => p.StartsWith("scope=", StringComparison.Ordinal))?["scope=".Length..].Split(':');
        var granted = scope is ["repository", _, var wanted] ? wanted.Split(',').Intersect(rights).ToArray() : [];
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var head = JsonSerializer.Serialize(new { typ = "JWT", alg = "ES256", kid = KeyName() });
        var claims = JsonSerializer.Serialize(new
        {
            iss = Issuer,
            sub = "x",
            aud = Service,
            exp = now + Lifetime,
            nbf = now - 7200,
            iat = now - 7200,
            jti = Guid.NewGuid().ToString("N"),
            access = granted.Length == 0 ? [] : new[] { new { type = "repository", name = scope![1], actions = granted } },
        });
        var text = $"{Plain(Encoding.UTF8.GetBytes(head))}.{Plain(Encoding.UTF8.GetBytes(claims))}";
        return $"{text}.{Plain(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The first 240 bits of the digest of the public key, in base 32, four letters at a time.</summary>
    string KeyName()
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = SHA256.HashData(_key.ExportSubjectPublicKeyInfo()).Take(30).SelectMany(b => Enumerable.Range(0, 8).Select(i => b >> (7 - i) & 1));
        return string.Join(':', bits.Chunk(5).Select(five => letters[five.Aggregate((sum, bit) => sum * 2 + bit)]).Chunk(4).Select(four => new string(four)));
    }

    static string Basic(string user) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user))}";

    static string Plain(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
