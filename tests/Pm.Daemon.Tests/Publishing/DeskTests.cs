using System.Net;
using Pm.Linux;
using Pm.Repositories.Tests;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>When the desk of a repository is opened, and what that costs others.</summary>
public class DeskTests
{
    /// <summary>Longer than anybody has to wait, and shorter than the desk waits for its lock.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    static readonly SamplePackage Foo = new("foo@1.0", "one");
    static readonly byte[] Pkg = Foo.ToPkg(isSigned: false);

    /// <summary>The predecessor of a server, that still finishes what it took.</summary>
    [Fact]
    public async Task A_desk_that_another_process_has_keeps_nobody_else_waiting()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        var held = FileLock.TryExclusive($"{server.Directory}/pmd/lock", "another")!;
        var strangers = Enumerable.Range(0, 60).Select(_ => server.LookAsJsonAsync(TokenSecret.Create().Text)).ToList();

        var metrics = await server.Server.TextAsync("/metrics").WaitAsync(Patience, TestContext.Current.CancellationToken);
        var busy = await server.LookAsJsonAsync(token).WaitAsync(Patience, TestContext.Current.CancellationToken);
        var noToken = await server.LookAsJsonAsync("x").WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Contains("pmd_requests_total", metrics);
        Assert.Equal(("503 PM5042", "2"), (busy.Refusal, busy.Header("Retry-After")));
        Assert.Equal("401 PM5030", noToken.Refusal);
        Assert.All(
            await Task.WhenAll(strangers).WaitAsync(Patience, TestContext.Current.CancellationToken), answer => Assert.Equal("503 PM5042", answer.Refusal));

        held.Dispose();
        Assert.Equal(HttpStatusCode.OK, (await server.PublishAsync(token, Foo)).Status);
    }

    [Fact]
    public async Task What_is_no_token_opens_no_desk()
    {
        await using var server = await PublishingServer.StartAsync();
        server.Token("publish:*");

        await server.LookAsJsonAsync("x");

        Assert.False(File.Exists($"{server.Directory}/pmd/lock"));
    }

    /// <summary>As a keeper does who restores a backup, or moves to another disk.</summary>
    [Fact]
    public async Task A_repository_in_the_place_of_another_has_its_own_tokens_and_uploads()
    {
        await using var server = await PublishingServer.StartAsync();
        var (kept, revoked) = (server.Token("publish:*"), server.Token("publish:*"));
        var (old, other) = ($"{server.Server.Path}/old", $"{server.Server.Path}/other");
        Copy(server.Directory, other);
        await server.UploadAsync(kept, Pkg);
        Directory.Move(server.Directory, old);
        Directory.Move(other, server.Directory);
        server.Revoke(revoked);

        Assert.Equal("401 PM5030", (await server.LookAsJsonAsync(revoked)).Refusal);
        Assert.Equal(HttpStatusCode.OK, (await server.PublishAsync(kept, Foo)).Status);
        Assert.Equal(["foo@1.0"], server.Listed());
        Assert.Empty(server.Staged());
        Assert.Single(Directory.EnumerateFiles($"{old}/pmd/uploads"), path => !path.EndsWith(".whole", StringComparison.Ordinal));
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to, File.GetUnixFileMode(from));
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Join(to, Path.GetFileName(file)));
        }

        foreach (var directory in Directory.EnumerateDirectories(from))
        {
            Copy(directory, Path.Join(to, Path.GetFileName(directory)));
        }
    }
}
