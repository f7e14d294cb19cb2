using System.Net.Security;
using System.Text;
using Pm.Daemon.Output;
using Pm.Daemon.Settings;
using Pm.Repositories;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Tests;

/// <summary>A server in the test's process over repositories in a directory of its own.</summary>
sealed class Server : IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    /// <summary>For what comes at once unless something is wrong.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Recording _talk = new();
    readonly Recording _log = new();
    readonly HttpClient _client;

    Server() => _client = new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
#pragma warning disable CA5359 // A certificate of the test's own.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    });

    public Daemon Daemon { get; private set; } = null!;

    public DaemonContext Context { get; private set; } = null!;

    public Uri Address => new(Daemon.Addresses[0]);

    public string Path => _directory.Path;

    public string Talk => Encoding.UTF8.GetString(_talk.ToArray());

    /// <summary>Starts with one repository a namespace; "" for one without.</summary>
    public static async Task<Server> StartAsync(string[]? namespaces = null, Func<DaemonSettings, Server, DaemonSettings>? change = null, TimeProvider? time = null)
    {
        var server = new Server();
        foreach (var name in namespaces ?? ["main"])
        {
            server.AddRepository(name);
        }

        server.Context = new DaemonContext
        {
            Time = time ?? TimeProvider.System,
            Environment = new Dictionary<string, string> { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin" },
            WorkingDirectory = server.Path,
            Output = server._log,
            Talk = server._talk,
        };
        var settings = new DaemonSettings { Directories = [server._directory["repositories"]], Listen = [new ListenAddress("localhost", 0, null)] };
        server.Daemon = await Daemon.StartAsync(change?.Invoke(settings, server) ?? settings, server.Context, new Notices(server.Context.Talk));
        return server;
    }

    /// <summary>One whose every connection the web server answers: with TLS, so that none is answered directly.</summary>
    public static Task<Server> StartEitherAsync(bool isDirect) =>
        StartAsync(change: isDirect ? null : (settings, server) => TestCertificate.Add(settings, server));

    /// <summary>The directory that its keeper works in.</summary>
    public string RepositoryPath(string name) => _directory[$"repositories/{name}".TrimEnd('/')];

    public string AddRepository(string name)
    {
        var path = RepositoryPath(name);
        DirectoryRepository.Init(path, new RoleLifetimes(), new RepositoryAccess("test", TimeProvider.System));
        return path;
    }

    /// <summary>Of a repository's file that everybody may have.</summary>
    public string Served(string name, string file) => _directory[$"repositories/{name}/repository/{file}"];

    public void Write(string name, string file, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Served(name, file))!);
        File.WriteAllBytes(Served(name, file), content);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(new Uri(Address, path));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request);
    }

    public async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Asks for events as a client behind a proxy; its answer has come, its events have not.</summary>
    public Task<HttpResponseMessage> ListenAsync(string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/main/auto"));
        request.Headers.Add("X-Forwarded-For", address);
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<Stream> StreamAsync(string path) => _client.GetStreamAsync(new Uri(Address, path));

    /// <summary>The first line of the access log with these words in it, as soon as it is there.</summary>
    public async Task<string> LogLineAsync(string words)
    {
        while (true)
        {
            var text = Encoding.UTF8.GetString(_log.ToArray());
            var line = text[..(text.LastIndexOf('\n') + 1)].Split('\n').FirstOrDefault(l => l.Contains(words, StringComparison.Ordinal));
            if (line is not null)
            {
                return line;
            }

            await _log.Written.WaitAsync(Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Daemon.StopAsync();
        await Daemon.DisposeAsync();
        _client.Dispose();
        _directory.Dispose();
    }
}
