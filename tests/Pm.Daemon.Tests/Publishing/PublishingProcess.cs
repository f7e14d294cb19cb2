using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using Pm.Codecs;
using Pm.Linux;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>pmd as a process of its own, which ends at its N-th durable write.</summary>
sealed class PublishingProcess : IDisposable
{
    static readonly string Program = Path.Join(AppContext.BaseDirectory, "pmd");

    readonly CancellationTokenSource _stop;
    readonly Task<ChildResult> _run;
    readonly HttpClient _client;

    PublishingProcess(Task<ChildResult> run, CancellationTokenSource stop, Uri address, string token)
    {
        _run = run;
        _stop = stop;
        _client = ClientOf(address, token);
    }

    public static HttpClient ClientOf(Uri address, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <param name="repository">Which it serves.</param>
    /// <param name="token">Of the client.</param>
    /// <param name="fault">For example <c>kill@17</c>.</param>
    public static async Task<PublishingProcess?> StartAsync(string repository, string token, string fault)
    {
        var ports = $"{repository}.port";
        File.Delete(ports);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(ports)!, Path.GetFileName(ports));
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => listens.TrySetResult();
        watcher.Renamed += (_, _) => listens.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var stop = new CancellationTokenSource();
        var run = Task.Factory.StartNew(
            () => ChildProcess.Run(Options(repository, ports, fault), stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(run, listens.Task) == run)
        {
            stop.Dispose();
            return null;
        }

        return new PublishingProcess(run, stop, new Uri(File.ReadLines(ports).First()), token);
    }

    /// <summary>The status; null: the process was gone before it answered.</summary>
    public Task<HttpStatusCode?> UploadAsync(byte[] pkg) => UploadAsync(_client, pkg);

    /// <inheritdoc cref="UploadAsync(byte[])"/>
    public static async Task<HttpStatusCode?> UploadAsync(HttpClient client, byte[] pkg) => await TryAsync(
        () => client.PutAsync($"/api/v1/uploads/{Sha256Digest.Of(pkg)}", new ByteArrayContent(pkg)));

    /// <inheritdoc cref="UploadAsync(byte[])"/>
    public Task<HttpStatusCode?> PublishAsync(byte[] pkg) => PublishAsync(_client, pkg);

    /// <inheritdoc cref="UploadAsync(byte[])"/>
    public static async Task<HttpStatusCode?> PublishAsync(HttpClient client, byte[] pkg) => await TryAsync(
        () => client.PostAsync("/api/v1/publish", new StringContent($$"""{"uploads":["{{Sha256Digest.Of(pkg)}}"]}""", Encoding.UTF8, "application/json")));

    /// <summary>Waits for the end that the fault makes.</summary>
    public async Task WaitAsync() => await _run;

    /// <summary>Ends it.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run);
    }

    public void Dispose()
    {
        _client.Dispose();
        _stop.Dispose();
    }

    static async Task<HttpStatusCode?> TryAsync(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    static ChildOptions Options(string repository, string ports, string fault) => new()
    {
        FileName = Program,
        Arguments = ["--listen", "127.0.0.1:0", "--port-file", ports, "--access-log", "none", repository],
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()),
            ["PM_FAULT"] = fault,
        },
    };
}
