"""Keys and events of OpenAI's protocols that say nothing to a reader, or only repeat the request; see
`inspector.decode.conservation`."""

from __future__ import annotations

CHAT_EVENTS = frozenset(
    {
        "chat.completion", "chat.completion.chunk"
    }
)  # fmt: skip

CHAT_COUNTS = frozenset(
    {
        "accepted_prediction_tokens", "audio_tokens", "citation_tokens", "completion_time", "copilot_usage", "cost",
        "cost_details", "cost_in_usd_ticks", "image_tokens", "input_tokens", "input_tokens_details", "inputTokens",
        "latency_checkpoint", "num_search_queries", "num_sources_used", "output_tokens", "output_tokens_details",
        "outputTokens", "server_tool_use",
        "prompt_audio_seconds", "prompt_cache_hit_tokens", "prompt_cache_miss_tokens", "prompt_image_tokens",
        "prompt_text_tokens", "prompt_time", "queue_time", "rejected_prediction_tokens", "text_tokens", "timings",
        "total_time", "video_tokens"
    }
)  # fmt: skip

CHAT = frozenset(
    {
        ".messages.content.image_url.detail", "search_results.date", "search_results.last_updated",
        "search_results.source", "channel", "choices.delta.annotations", "choices.logprobs.content",
        "choices.logprobs.content.token", "choices.logprobs.content.top_logprobs",
        "choices.logprobs.reasoning_content", "choices.message.annotations", "choices.message.source",
        "content_filter_result", "search_context_size",
        "executed_tools", "fingerprint", "format", "model_version", "native_finish_reason", "provider",
        "provider_metadata", "provider_specific_fields", "reasoning_details.data", "sdk_http_response", "service",
        "stop_reason", "system.warnings", "token_ids", "token_type", "traffic_type", "web_search.icon",
        "web_search.media", "web_search.refer",
    }
)  # fmt: skip

RESPONSES_EVENTS = frozenset(
    {
        "keepalive", "response.code_interpreter_call.completed", "response.code_interpreter_call.in_progress",
        "response.code_interpreter_call.interpreting", "response.content_part.added", "response.content_part.done",
        "response.audio.done", "response.audio.transcript.done", "response.created",
        "response.file_search_call.completed", "response.file_search_call.in_progress",
        "response.file_search_call.searching", "response.image_generation_call.completed",
        "response.image_generation_call.generating", "response.image_generation_call.in_progress",
        "response.in_progress", "response.mcp_call.completed", "response.mcp_call.in_progress",
        "response.mcp_list_tools.completed", "response.mcp_list_tools.in_progress", "response.output_item.added",
        "response.output_text.done", "response.queued", "response.reasoning_part.added",
        "response.reasoning_summary_part.added",
        "response.reasoning_summary_part.done", "response.web_search_call.completed",
        "response.web_search_call.in_progress", "response.web_search_call.searching"
    }
)  # fmt: skip

RESPONSES_COUNTS = frozenset(
    {
        "audio_tokens", "context_details", "cost_in_usd_ticks", "num_server_side_tools_used", "num_sources_used"
    }
)  # fmt: skip

RESPONSES = frozenset(
    {
        ".background", ".instructions", ".metadata", ".prompt_cache_key", ".reasoning", ".text", ".tools", ".user",
        "background", "billing", "content_filters", "copilot_usage", "detail", "event_type", "execution", "filename",
        "fingerprint", "moderation", "output_format", "phase", "prompt_cache_retention", "quality",
        "response.background", "response.instructions", "response.metadata", "response.prompt",
        "response.prompt_cache_key", "response.prompt_cache_retention", "response.reasoning", "response.text",
        "response.tool_choice", "response.tools", "response.truncation", "response.user", "safety_identifier",
        "server_label", "size", "tool_choice", "truncation"
    }
)  # fmt: skip

REALTIME_EVENTS = frozenset(
    {
        "conversation.created", "conversation.item.added", "conversation.item.create", "conversation.item.created",
        "conversation.item.delete", "conversation.item.deleted", "conversation.item.done",
        "conversation.item.truncate", "conversation.item.truncated", "input_audio_buffer.append",
        "input_audio_buffer.clear", "input_audio_buffer.cleared", "input_audio_buffer.commit",
        "input_audio_buffer.committed", "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
        "output_audio_buffer.cleared", "output_audio_buffer.started", "output_audio_buffer.stopped",
        "rate_limits.updated", "response.audio.done", "response.cancel", "response.cancelled",
        "response.content_part.added", "response.content_part.done", "response.create", "response.created",
        "response.output_audio.done", "response.output_item.added", "response.output_item.done", "session.created",
        "session.update", "session.updated",
    }
)  # fmt: skip

REALTIME_COUNTS = frozenset(
    {
        "audio_tokens", "image_tokens", "text_tokens", "total_tokens",
    }
)  # fmt: skip

REALTIME = frozenset(
    {
        ".session", "session.instructions",
    }
)  # fmt: skip
