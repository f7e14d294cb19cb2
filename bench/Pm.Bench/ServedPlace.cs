using System.Globalization;

namespace Pm.Bench;

/// <summary>A repository with a blob of 10 MB, and what serves it: pmd, and nginx with sendfile, both without an access log.</summary>
sealed class ServedPlace
{
    const int BlobSize = 10 * 1024 * 1024;
    const string Search = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

    readonly string _home;
    readonly string _pmd;

    internal ServedPlace(string home, string pm, string pmd)
    {
        (_home, _pmd) = (home, pmd);
        var root = Directory.CreateDirectory(Path.Combine(home, "tree/root")).FullName;
        var content = new byte[BlobSize];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(Path.Combine(root, "blob"), content);
        File.WriteAllText(Path.Combine(home, "tree/meta.yaml"), "name: big\nversion: 1.0.0\ndescription: one large file\n");
        Pm(pm, "pkg", "create", "-q", "--no-sign", "-o", home, Path.Combine(home, "tree"));
        Pm(pm, "repo", "init", "-q", Repository);
        Pm(pm, "repo", "publish", "-q", "--allow-unsigned", "--repo", Repository, Path.Combine(home, "big-1.0.0.pkg"));
        Blob = "/blobs/" + new DirectoryInfo(Path.Combine(Served, "blobs")).EnumerateFiles().Single(f => f.Length == BlobSize).Name;
    }

    /// <summary>Paths on the servers.</summary>
    internal string Blob { get; }

    internal static string Metadata => "/2.targets.json";

    string Repository => Path.Combine(_home, "repository");

    string Served => Path.Combine(Repository, "repository");

    internal BackgroundServer Pmd(params string[] more) => BackgroundServer.Start(port =>
    [
        _pmd, Repository, "--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "--access-log", "none", .. more,
    ]);

    internal BackgroundServer Nginx() => BackgroundServer.Start(port =>
    {
        var settings = Path.Combine(_home, "nginx.conf");
        File.WriteAllText(settings, string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off;
            pid {{_home}}/nginx.pid;
            error_log stderr error;
            worker_processes auto;
            events { worker_connections 4096; }
            http {
              access_log off;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000;
              server { listen 127.0.0.1:{{port}}; root {{Served}}; }
            }
            """));
        return ["/usr/sbin/nginx", "-p", _home, "-e", "stderr", "-c", settings];
    });

    /// <summary>A certificate for TLS, made anew.</summary>
    internal string[] Certificate()
    {
        var (certificate, key) = (Path.Combine(_home, "cert.pem"), Path.Combine(_home, "key.pem"));
        SpawnedProcess.Run(
            "/usr/bin/env", "-i", Search, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate);
        return ["--tls-certificate", certificate, "--tls-key", key];
    }

    void Pm(string pm, params string[] words) => SpawnedProcess.Run(
        ["/usr/bin/env", "-i", Search, $"HOME={_home}", $"PM_ROOT={_home}/root", $"PM_STORE={_home}/store", pm, .. words]);
}
