using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pm.Codecs;
using Pm.Daemon.Settings;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tests;
using Pm.Repositories.Tokens;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>A server with one repository, <c>main</c>, that takes unsigned packages; and a client that says exactly what it is told to.</summary>
sealed class PublishingServer : IAsyncDisposable
{
    readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    PublishingServer(Server server)
    {
        Server = server;
        Repository = DirectoryRepository.Open(Directory);
        Repository.AllowUnsigned(true, new RepositoryAccess("test", TimeProvider.System));
    }

    public Server Server { get; }

    public DirectoryRepository Repository { get; }

    public string Directory => System.IO.Path.Join(Server.Path, "repositories/main");

    public static async Task<PublishingServer> StartAsync(Func<DaemonSettings, DaemonSettings>? change = null) =>
        new(await Server.StartAsync(change: (settings, _) => change?.Invoke(settings) ?? settings));

    /// <summary>The secret of a new token.</summary>
    public string Token(params string[] scopes)
    {
        using var database = RepositoryDatabase.OpenOrCreate(Directory);
        return database.Tokens.Create(
            new NewToken([.. scopes.Select(TokenScope.Parse)], "a test", null), AuditActor.Local, DateTimeOffset.UtcNow).Secret.Text;
    }

    public void Revoke(string token)
    {
        using var database = RepositoryDatabase.OpenOrCreate(Directory);
        database.Tokens.Revoke(IdOf(token), AuditActor.Local, DateTimeOffset.UtcNow);
    }

    public static string IdOf(string token) => TokenSecret.TryParse(token, out var secret) ? secret.Id : throw new FormatException(token);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? token, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.Address, $"/main/api/v1/{path}")) { Content = body };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public Task<Answer> LookAsync(string token, byte[] pkg) => SendAsync(HttpMethod.Head, $"uploads/{Sha256Digest.Of(pkg)}", token);

    /// <summary>A request that has an answer with a body, whoever asks.</summary>
    public Task<Answer> LookAsJsonAsync(string token) => SendAsync(HttpMethod.Get, "tokens", token);

    public Task<Answer> UploadAsync(string? token, byte[] pkg, byte[]? sent = null, string? range = null)
    {
        var body = new ByteArrayContent(sent ?? pkg);
        if (range is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Range", range);
        }

        return SendAsync(HttpMethod.Put, $"uploads/{Sha256Digest.Of(pkg)}", token, body);
    }

    public Task<Answer> PostAsync(string path, string? token, string json) =>
        SendAsync(HttpMethod.Post, path, token, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Publishes what is uploaded already.</summary>
    public Task<Answer> AskAsync(string token, params byte[][] pkgs) => PostAsync(
        "publish", token, $$"""{"uploads":[{{string.Join(',', pkgs.Select(pkg => $"\"{Sha256Digest.Of(pkg)}\""))}}],"names":["file.pkg"]}""");

    public async Task<Answer> PublishAsync(string token, params SamplePackage[] packages)
    {
        byte[][] pkgs = [.. packages.Select(package => package.ToPkg(isSigned: false))];
        foreach (var pkg in pkgs)
        {
            await UploadAsync(token, pkg);
        }

        return await AskAsync(token, pkgs);
    }

    public IEnumerable<string> Listed() => Repository.List().Select(target => target.Package.Id.ToString());

    /// <summary>What the repository keeps of uploads.</summary>
    public string[] Staged() => System.IO.Directory.Exists($"{Directory}/pmd/uploads")
        ? [.. System.IO.Directory.EnumerateFiles($"{Directory}/pmd/uploads").Where(path => !path.EndsWith(".whole", StringComparison.Ordinal)).Select(path => System.IO.Path.GetFileName(path)!)]
        : [];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
    }

    /// <param name="Response">Its body is read.</param>
    /// <param name="Json">The whole document.</param>
    public sealed record Answer(HttpResponseMessage Response, JsonElement Json)
    {
        public HttpStatusCode Status => Response.StatusCode;

        public JsonElement Data => Json.GetProperty("data");

        public string Code => Data.GetProperty("code").GetString()!;

        public string Message => Data.GetProperty("message").GetString()!;

        public string Header(string name) => Response.Headers.TryGetValues(name, out var values) ? values.Single() : "";

        /// <summary>"403 PM5031"</summary>
        public string Refusal => $"{(int)Status} {Code}";
    }
}
