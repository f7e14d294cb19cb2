using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>The executable itself, killed in the middle of a download: what came stays, and the next run goes on there.</summary>
public sealed class KilledDownloadTests
{
    const int Size = 8_000_000;

    /// <summary>Of which the server sends so much, and then no more.</summary>
    const int Sent = 6_000_000;

    /// <summary>When so much was kept, it is killed.</summary>
    const long Enough = 4_000_000;

    static readonly string Executable = Environment.GetEnvironmentVariable("PM_TEST_BIN") is { Length: > 0 } native
        ? native
        : Path.Join(AppContext.BaseDirectory, "pm");

    [Theory(Timeout = 120_000)]
    [InlineData(nameof(RemoteFace.Http))]
    [InlineData(nameof(RemoteFace.Https))]
    public async Task What_came_is_kept_and_the_next_run_goes_on_there(string face)
    {
        await using var story = await HostileStory.BeginAsync(Enum.Parse<RemoteFace>(face), isNow: true);
        story.PublishNext(noise: Size);
        await story.MustAsync("pull", "-q");
        var before = StateOf(story);
        story.Server!.LieAlways = async answer =>
        {
            if (answer.Content is not { Length: >= Size })
            {
                await Pm.Simulation.Lying.Truth.TellAsync(answer);
                return;
            }

            await answer.SendHeadAsync("200 OK", $"Content-Length: {answer.Content.Length}");
            await answer.SendAsync(answer.Content.AsMemory(0, Sent));
            await answer.WaitAsync();
        };

        var partial = Path.Join(story.Root, "var/cache/pm/partial");
        Directory.CreateDirectory(partial);
        using (var grown = new GrownFile(partial, Enough))
        using (var pm = Start(story))
        {
            await Task.WhenAny(grown.Task, pm.WaitForExitAsync(TestContext.Current.CancellationToken));
            Assert.False(pm.HasExited, "it ended by itself");
            pm.Kill();
            await pm.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(128 + 9, pm.ExitCode);
        }

        Assert.Equal(before, StateOf(story));
        var kept = new FileInfo(Assert.Single(Directory.GetFiles(partial))).Length;
        Assert.InRange(kept, Enough, Sent);

        story.Return();
        story.Server.Requests.Clear();
        using var next = Start(story);
        var talk = await next.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await next.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(next.ExitCode == 0, talk);
        Assert.Equal(story.Published, story.Installed);
        var ranges = story.Server.Requests.Where(request => request.Headers.ContainsKey("range")).Select(request => request.Headers["range"]);
        Assert.Equal([string.Create(CultureInfo.InvariantCulture, $"bytes={kept}-")], ranges);
        Assert.Empty(Directory.GetFiles(partial));
        await story.MustAsync("verify");
    }

    /// <summary>The lock goes with its process; the file still says whose it was.</summary>
    static IEnumerable<string> StateOf(HostileStory story) =>
        story.State().Split('\n').Where(line => !line.StartsWith("var/lib/pm/lock ", StringComparison.Ordinal));

    static Process Start(HostileStory story)
    {
        var start = new ProcessStartInfo(Executable, ["update", "-q"]) { RedirectStandardError = true, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Clear();
        foreach (var (name, value) in story.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        return Process.Start(start)!;
    }

    /// <summary>Ends when a file of a directory has so many bytes.</summary>
    sealed class GrownFile : IDisposable
    {
        readonly TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly FileSystemWatcher _watcher;
        readonly string _directory;
        readonly long _size;

        public GrownFile(string directory, long size)
        {
            (_directory, _size) = (directory, size);
            _watcher = new FileSystemWatcher(directory);
            _watcher.Changed += (_, _) => Look();
            _watcher.EnableRaisingEvents = true;
        }

        public Task Task => _grown.Task;

        public void Dispose() => _watcher.Dispose();

        void Look()
        {
            if (new DirectoryInfo(_directory).EnumerateFiles().Any(file => file.Length >= _size))
            {
                _grown.TrySetResult();
            }
        }
    }
}
