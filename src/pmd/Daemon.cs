using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Pm.Daemon.Files;
using Pm.Daemon.Logging;
using Pm.Daemon.Metrics;
using Pm.Daemon.Output;
using Pm.Daemon.Settings;
using Pm.Daemon.Tls;
using Pm.Repositories.Serving;

namespace Pm.Daemon;

/// <summary>A running server: the process has one, a test as many as it likes.</summary>
sealed class Daemon : IAsyncDisposable
{
    /// <summary>How long a change made by another program may go unnoticed by who waits for it.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    readonly WebApplication _application;
    readonly DaemonSettings _settings;
    readonly Notices _notices;
    readonly RepositorySet _repositories;
    readonly CertificateFile? _certificate;
    readonly TimeProvider _time;
    readonly ITimer _look;

    Daemon(
        WebApplication application, DaemonSettings settings, Notices notices, RepositorySet repositories, CertificateFile? certificate,
        TimeProvider time)
    {
        _application = application;
        _settings = settings;
        _notices = notices;
        _repositories = repositories;
        _certificate = certificate;
        _time = time;
        _look = time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
    }

    /// <summary><c>http://127.0.0.1:8083</c>, <c>http://unix:/run/pmd.sock</c></summary>
    public IReadOnlyList<string> Addresses => [.. _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public RepositorySet Repositories => _repositories;

    /// <summary>Returns when it answers.</summary>
    /// <exception cref="Exception">What <see cref="Failure.Of"/> explains.</exception>
    public static async Task<Daemon> StartAsync(DaemonSettings settings, DaemonContext context, Notices notices)
    {
        var repositories = RepositorySet.Open(settings.Directories, notices.Warn, context.Time);
        settings = DescriptorShares.Fit(settings, repositories, notices);
        var certificate = settings.TlsCertificate is { } file ? CertificateFile.Open(file, settings.TlsKey!) : null;
        var application = Build(settings, context, notices, repositories, certificate);
        await ListenAsync(application, settings.Listen.IsEmpty ? [ListenAddress.Default] : settings.Listen);
        var daemon = new Daemon(application, settings, notices, repositories, certificate, context.Time);
        daemon.Announce();
        return daemon;
    }

    static async Task ListenAsync(WebApplication application, IReadOnlyList<ListenAddress> addresses)
    {
        foreach (var address in addresses)
        {
            address.Prepare();
        }

        try
        {
            await application.StartAsync();
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw ListenAddress.Taken(addresses, error);
        }
    }

    static WebApplication Build(
        DaemonSettings settings, DaemonContext context, Notices notices, RepositorySet repositories, CertificateFile? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = Product.Name, ContentRootPath = "/" });
        builder.Services
            .AddRoutingCore()
            .AddSingleton(settings)
            .AddSingleton(context)
            .AddSingleton(context.Time)
            .AddSingleton(notices)
            .AddSingleton(repositories)
            .AddSingleton<FileResponder>()
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton<ILoggerProvider, NoticeLoggerProvider>();
        builder.WebHost.UseKestrelCore()
            .UseSockets(options => options.MaxWriteBufferSize = Listeners.MaximumUnsent)
            .ConfigureKestrel(options => Listeners.Configure(options, settings, certificate));
        BoundedTransport.Decorate(builder.Services);
        FilesFirstServer.Decorate(builder.Services);
        Endpoints.AddServices(builder.Services);
        var application = builder.Build();
        Endpoints.Map(application);
        ServerMetrics.Add(application.Services.GetRequiredService<MetricSet>(), application.Services);
        return application;
    }

    /// <summary>Looks again at settings, repositories and certificates; what cannot be read stays as it was.</summary>
    /// <param name="read">Reads the settings again, of which the repositories alone can change now; null: they are not looked at.</param>
    public void Reload(Func<DaemonSettings>? read = null)
    {
        DaemonSettings? fresh = null;
        var isWhole = read is null || Try(() => fresh = read());
        isWhole &= Try(fresh is null ? _repositories.Reload : () => _repositories.Reload(fresh.Directories));
        Compare(fresh);
        if (_certificate is not null && !Try(_certificate.Reload))
        {
            isWhole = false;
            _notices.Warn("the certificate of before is served on");
        }

        isWhole &= Try(_application.Services.GetRequiredService<AccessLogTarget>().Reopen);
        var count = _repositories.All.Length;
        _notices.Say($"{(isWhole ? "reloaded" : "reloaded in part")}: {count} {(count == 1 ? "repository" : "repositories")}");
    }

    /// <summary>Says what is another now and counts later.</summary>
    void Compare(DaemonSettings? fresh)
    {
        var changed = fresh?.Given.Except(_settings.Given).Select(given => given.Key).ToList() ?? [];
        if (changed.Count > 0)
        {
            _notices.Say($"{string.Join(", ", changed)}: what is new there counts when {Product.Name} is started again");
        }
    }

    /// <summary>Listens no more, and lets requests end.</summary>
    public async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(_settings.StopTimeout, _time);
        await _application.StopAsync(limit.Token);
        if (_settings.PortFile is { } file)
        {
            Try(() => PortFile.Remove(file));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync();
        await _application.DisposeAsync();
    }

    void Announce()
    {
        if (_settings.File is { } settings)
        {
            _notices.Say($"settings of {settings.Path}");
        }

        foreach (var address in Addresses)
        {
            _notices.Say($"serving {string.Join(", ", _repositories.All.Select(r => r.Namespace.Length == 0 ? r.Path : r.Namespace))} at {address}");
        }

        if (_settings.PortFile is { } file)
        {
            PortFile.Write(file, Addresses);
        }
    }

    void Look()
    {
        foreach (var repository in _repositories.All)
        {
            Try(() => repository.Refresh());
        }
    }

    bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, the server goes on with what it had.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _notices.Error(Failure.Of(error));
            return false;
        }
    }
}
