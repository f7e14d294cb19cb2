using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pm.Daemon.Answers;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Publishing;
using Pm.Repositories.Tokens;

namespace Pm.Daemon.Publishing;

/// <summary>
/// What an administrator asks, <c>api/v1/tokens</c> and <c>api/v1/audit</c>; and what everybody may ask about his own token.
/// </summary>
static class TokenEndpoints
{
    const int MostEntries = 1000;

    public static void MapTokens(this IEndpointRouteBuilder repository)
    {
        repository.MapGet("api/v1/token", ShowAsync);
        repository.MapGet("api/v1/tokens", ListAsync);
        repository.MapPost("api/v1/tokens", CreateAsync);
        repository.MapDelete("api/v1/tokens/{id}", RevokeAsync);
        repository.MapGet("api/v1/audit", AuditAsync);
    }

    static async Task ShowAsync(HttpContext context)
    {
        var (_, publisher) = await context.RequestServices.GetRequiredService<Doorkeeper>().AdmitAsync(context, "token show");
        await JsonAnswer.WritePrivateAsync(
            context, StatusCodes.Status200OK, "token", json => Write(json, publisher.Token, Now(context)));
    }

    static async Task ListAsync(HttpContext context)
    {
        var (desk, _) = await AdmitAdminAsync(context, "token list");
        var now = Now(context);
        await JsonAnswer.WritePrivateAsync(context, StatusCodes.Status200OK, "token-list", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("tokens"u8);
            foreach (var token in desk.Tokens.List())
            {
                Write(json, token, now);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static async Task CreateAsync(HttpContext context)
    {
        var (desk, publisher) = await AdmitAdminAsync(context, "token create");
        var now = Now(context);
        var (token, secret) = desk.Tokens.Create(RequestDocuments.ReadToken(await RequestBody.ReadAsync(context), now), publisher.Actor, now);
        await JsonAnswer.WritePrivateAsync(context, StatusCodes.Status201Created, "token", json =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, token.Id);
            json.WriteString("token"u8, secret.Text);
            WriteScopes(json, token.Scopes);
            json.WriteString("note"u8, token.Note);
            WriteTime(json, "expires", token.Expires);
            json.WriteEndObject();
        });
    }

    static async Task RevokeAsync(HttpContext context)
    {
        var (desk, publisher) = await AdmitAdminAsync(context, "token revoke");
        var id = (string)context.GetRouteValue("id")!;
        var isChanged = desk.Tokens.Revoke(id, publisher.Actor, Now(context));
        await JsonAnswer.WritePrivateAsync(context, StatusCodes.Status200OK, "token-revoked", json =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteBoolean("changed"u8, isChanged);
            json.WriteEndObject();
        });
    }

    static async Task AuditAsync(HttpContext context)
    {
        var (desk, _) = await AdmitAdminAsync(context, "audit");
        var count = (int)Number(context, "limit", 100, MostEntries);
        var entries = desk.Audit.List(count, Number(context, "before", long.MaxValue, long.MaxValue));
        await JsonAnswer.WritePrivateAsync(context, StatusCodes.Status200OK, "audit", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("entries"u8);
            foreach (var entry in entries)
            {
                Write(json, entry);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static Task<(PublishingDesk Desk, Publisher Publisher)> AdmitAdminAsync(HttpContext context, string action) =>
        context.RequestServices.GetRequiredService<Doorkeeper>().AdmitAsync(context, action, who => who.RequireAdmin());

    static long Number(HttpContext context, string name, long otherwise, long most) => context.Request.Query[name].ToString() switch
    {
        "" => otherwise,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most => number,
        _ => throw new RepositoryException("PM5039", $"{name}: expected a number up to {most}"),
    };

    static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    static void Write(Utf8JsonWriter json, Token token, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, token.Id);
        json.WriteString("state"u8, token.StateAt(now).ToString().ToLowerInvariant());
        WriteScopes(json, token.Scopes);
        json.WriteString("note"u8, token.Note);
        WriteTime(json, "created", token.Created);
        json.WriteString("created_by"u8, token.CreatedBy);
        WriteTime(json, "expires", token.Expires);
        WriteTime(json, "last_used", token.LastUsed);
        WriteTime(json, "revoked", token.Revoked);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, entry.Number);
        WriteTime(json, "time", entry.Time);
        json.WriteString("actor"u8, entry.Actor);
        json.WriteString("note"u8, entry.Note);
        json.WriteString("address"u8, entry.Address);
        json.WriteString("action"u8, entry.Action);
        json.WriteString("subject"u8, entry.Subject);
        json.WriteString("detail"u8, entry.Detail);
        json.WriteString("result"u8, entry.Result);
        json.WriteEndObject();
    }

    static void WriteScopes(Utf8JsonWriter json, ImmutableArray<TokenScope> scopes)
    {
        json.WriteStartArray("scopes"u8);
        foreach (var scope in scopes)
        {
            json.WriteStringValue(scope.ToString());
        }

        json.WriteEndArray();
    }

    static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
