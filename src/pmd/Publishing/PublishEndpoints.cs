using Pm.Daemon.Answers;
using Pm.Daemon.Metrics;
using Pm.Daemon.Routing;
using Pm.Linux;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Publishing;

namespace Pm.Daemon.Publishing;

/// <summary><c>POST api/v1/publish</c> and <c>POST api/v1/yank</c>.</summary>
static class PublishEndpoints
{
    public static void MapPublishing(this IEndpointRouteBuilder repository)
    {
        repository.MapPost("api/v1/publish", PublishAsync);
        repository.MapPost("api/v1/yank", YankAsync);
    }

    static async Task PublishAsync(HttpContext context)
    {
        var (desk, publisher) = await context.RequestServices.GetRequiredService<Doorkeeper>().AdmitAsync(context, AuditedChange.Publishing, who => who.RequireAnyPublishing());
        var uploads = RequestDocuments.ReadUploads(await RequestBody.ReadAsync(context));
        var items = await CountedAsync(context, () => desk.PublishAsync(publisher, uploads));
        TryRefresh(context);
        await JsonAnswer.WritePrivateAsync(context, StatusCodes.Status200OK, "published", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("packages"u8);
            foreach (var (upload, item) in uploads.Zip(items))
            {
                json.WriteStartObject();
                json.WriteString("sha256"u8, upload.Digest.ToString());
                json.WriteString("name"u8, item.Id.Name.Text);
                json.WriteString("version"u8, item.Id.Version.Text);
                json.WriteString("hash"u8, item.Hash?.ToString());
                json.WriteString("signer"u8, item.Signer);
                json.WriteBoolean("new"u8, item.IsNew);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static async Task YankAsync(HttpContext context)
    {
        var (desk, publisher) = await context.RequestServices.GetRequiredService<Doorkeeper>().AdmitAsync(context, AuditedChange.Yanking);
        var (package, reason, isUndone) = RequestDocuments.ReadYank(await RequestBody.ReadAsync(context));
        var isChanged = await desk.YankAsync(publisher, package, reason, isUndone);
        TryRefresh(context);
        context.RequestServices.GetRequiredService<MetricSet>().Counter("pmd_yanks_total", "Versions withdrawn, or no longer.").Add();
        await JsonAnswer.WritePrivateAsync(context, StatusCodes.Status200OK, "yanked", json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, package.Name.Text);
            json.WriteString("version"u8, package.Version.Text);
            json.WriteBoolean("yanked"u8, !isUndone);
            json.WriteBoolean("changed"u8, isChanged);
            json.WriteEndObject();
        });
    }

    /// <summary>It is done, whatever comes of this; who listens hears of it at the next look.</summary>
    static void TryRefresh(HttpContext context)
    {
        try
        {
            context.Repository().Refresh();
        }
        catch (Exception error) when (error is RepositoryException or SystemCallException)
        {
        }
    }

    static async Task<IReadOnlyList<PublishedItem>> CountedAsync(HttpContext context, Func<Task<IReadOnlyList<PublishedItem>>> publish)
    {
        var metrics = context.RequestServices.GetRequiredService<MetricSet>();
        void Count(string result, int count) =>
            metrics.Counter("pmd_publishes_total", "Packages that were to be published, by what became of them.", MetricSet.Label("result", result)).Add(count);
        try
        {
            var items = await publish();
            Count("new", items.Count(item => item.IsNew));
            Count("unchanged", items.Count(item => !item.IsNew));
            return items;
        }
        catch
        {
            Count("refused", 1);
            throw;
        }
    }
}
