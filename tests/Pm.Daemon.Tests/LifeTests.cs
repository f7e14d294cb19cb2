using System.Net;
using Pm.Repositories;
using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>Starting, reloading and stopping, while clients are there.</summary>
public class LifeTests
{
    [Fact]
    public async Task A_download_that_has_begun_ends_though_the_server_is_told_to_stop()
    {
        // On a busy machine this client may be slow itself.
        await using var server = await Server.StartAsync(change: (settings, _) => settings with { MinimumRate = 0 });
        var content = new byte[20_000_000];
        server.Write("main", "large", content);
        using var client = await RawConnection.OpenAsync(server.Address);
        await client.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var begin = await client.ReadAsync(1000);

        var stop = server.Daemon.StopAsync();
        var rest = await client.ReadToEndAsync();
        await stop;

        Assert.True(begin.Length + rest.Length > content.Length);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.GetAsync("/main/timestamp.json"));
    }

    [Fact]
    public async Task A_download_that_nobody_reads_does_not_keep_the_server_for_ever()
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with { MinimumRate = 0, IdleTimeout = TimeSpan.FromSeconds(3000) }, time: new HastyTime());
        server.Write("main", "large", new byte[50_000_000]);
        using var client = await RawConnection.OpenAsync(server.Address);
        await client.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n");
        _ = await client.ReadAsync(1000);

        await server.Daemon.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_reload_finds_repositories_and_drops_no_connection()
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with { MinimumRate = 0 });
        server.Write("main", "large", new byte[20_000_000]);
        using var client = await RawConnection.OpenAsync(server.Address);
        await client.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var begin = await client.ReadAsync(1000);
        server.AddRepository("fresh");

        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/fresh/timestamp.json")).StatusCode);
        server.Daemon.Reload();
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/fresh/timestamp.json")).StatusCode);
        Assert.True(begin.Length + (await client.ReadToEndAsync()).Length > 20_000_000);
    }

    [Fact]
    public async Task A_reload_that_cannot_be_leaves_all_as_it_was_and_says_why()
    {
        await using var server = await Server.StartAsync();
        server.AddRepository("fresh");
        File.Copy(System.IO.Path.Join(server.Path, "repositories/fresh/keys/root.json"), server.Served("fresh", "oops.json"));
        server.Daemon.Reload();

        Assert.Contains("error[PM5203]", server.Talk);
        Assert.Contains("fresh/repository/oops.json", server.Talk);
        Assert.Contains("reloaded in part: 1 repository\n", server.Talk);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/main/timestamp.json")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/fresh/timestamp.json")).StatusCode);
    }

    [Fact]
    public async Task A_private_key_where_everybody_could_fetch_it_keeps_the_server_from_starting()
    {
        var error = await Assert.ThrowsAsync<RepositoryException>(() => Server.StartAsync(change: (settings, server) =>
        {
            server.Write("main", "deep/down/id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\n"u8);
            return settings;
        }));

        Assert.Equal("PM5203", error.Code);
        Assert.Contains("deep/down/id_ed25519", error.Message);
    }

    [Fact]
    public async Task The_port_file_says_where_the_server_listens_and_goes_with_it()
    {
        string file;
        await using (var server = await Server.StartAsync(change: (settings, server) => settings with { PortFile = System.IO.Path.Join(server.Path, "port") }))
        {
            file = System.IO.Path.Join(server.Path, "port");
            Assert.Equal($"{server.Daemon.Addresses[0]}\n", File.ReadAllText(file));
        }

        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_with_a_code()
    {
        await using var server = await Server.StartAsync();

        var error = await Assert.ThrowsAsync<RepositoryException>(() => Server.StartAsync(change: (settings, _) =>
            settings with { Listen = [new ListenAddress("127.0.0.1", server.Address.Port, null)] }));

        Assert.Equal("PM5204", error.Code);
        Assert.Contains($"127.0.0.1:{server.Address.Port}", error.Message);
    }

    /// <summary>192.0.2.0/24 is nobody's: RFC 5737.</summary>
    [Theory]
    [InlineData("192.0.2.7:80", "no address of this machine")]
    [InlineData("unix:/nowhere/at/all/pmd.sock", "mkdir -p /nowhere/at/all")]
    public async Task Where_nobody_can_listen_is_said_in_one_error(string listen, string hint)
    {
        Server? failed = null;
        var error = await Assert.ThrowsAsync<RepositoryException>(() => Server.StartAsync(change: (settings, server) =>
        {
            failed = server;
            return settings with { Listen = [ListenAddress.Parse(listen, path => path)] };
        }));

        Assert.Equal("PM5204", error.Code);
        Assert.Contains(listen, error.Message);
        Assert.Contains(hint, error.Hint);
        Assert.Empty(failed!.Talk);
    }

    [Fact]
    public async Task A_file_that_is_cut_while_it_is_sent_breaks_the_connection_off()
    {
        await using var server = await Server.StartAsync();
        server.Write("main", "large", new byte[50_000_000]);
        using var client = await RawConnection.OpenAsync(server.Address);
        await client.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var begin = await client.ReadAsync(1000);
        using (var file = File.OpenWrite(server.Served("main", "large")))
        {
            file.SetLength(10);
        }

        Assert.True(begin.Length + (await client.ReadToEndAsync()).Length < 50_000_000);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task A_directory_edited_by_hand_is_served_as_it_is()
    {
        await using var server = await Server.StartAsync();
        File.Delete(server.Served("main", "timestamp.json"));
        File.WriteAllText(server.Served("main", "root.json"), "edited");

        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/main/timestamp.json")).StatusCode);
        Assert.Equal("edited", await server.TextAsync("/main/root.json"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("/main/config.json")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("/health/ready")).StatusCode);
    }
}
